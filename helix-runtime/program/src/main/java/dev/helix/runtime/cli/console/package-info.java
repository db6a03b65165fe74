/**
 * The ways in which a command answers its user. Start with {@link
 * dev.helix.runtime.cli.console.ExitStatus}, which says how the command ended, and {@link
 * dev.helix.runtime.cli.console.Console}, which has the two streams to which it prints. {@link
 * dev.helix.runtime.cli.console.Progress} is shown while it runs.
 */
package dev.helix.runtime.cli.console;

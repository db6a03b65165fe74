/**
 * What a command gives back to whoever started it. Start with {@link
 * dev.helix.runtime.cli.console.ExitStatus}, which says how it ended, and {@link
 * dev.helix.runtime.cli.console.Console}, the two streams to which it prints; {@link
 * dev.helix.runtime.cli.console.Progress} is shown while it runs.
 */
package dev.helix.runtime.cli.console;

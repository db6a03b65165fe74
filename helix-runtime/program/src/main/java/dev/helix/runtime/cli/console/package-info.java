/**
 * What a command gives back to whoever started it, beside its text: {@link
 * dev.helix.runtime.cli.console.ExitStatus}, and {@link dev.helix.runtime.cli.console.Progress}
 * while it runs.
 */
package dev.helix.runtime.cli.console;

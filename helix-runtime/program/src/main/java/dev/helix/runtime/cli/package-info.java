/**
 * The program {@code helix}. Start with {@link dev.helix.runtime.cli.Main}, which puts the commands
 * together, and {@code Failures}, which turns what went wrong into one line and an exit status.
 *
 * <p>Each command has a package of its own: {@code decode}, with {@code layouts} for {@code
 * --all-layouts}, {@code time}, with {@code calibration} for {@code --validate}, and {@code laws},
 * the only part of the runtime that sees the law library. They share {@code option} (what can be
 * given) and {@code console} (what comes back), and do not know each other but for these two
 * switches.
 */
package dev.helix.runtime.cli;

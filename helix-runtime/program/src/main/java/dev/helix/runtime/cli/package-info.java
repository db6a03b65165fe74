/**
 * The program {@code helix}. Start with {@link dev.helix.runtime.cli.Main}, which puts the commands
 * together, and {@code Failures}, which turns a failure into one line and an exit status.
 *
 * <p>Each command has a package of its own: {@code decode}, {@code layouts}, {@code time}, {@code
 * calibration}, and {@code laws} for both {@code laws} and {@code museum}. The last is the only
 * part of the runtime that sees the law library. Commands share {@code option} (options that
 * several have), {@code prompt} (what is decoded) and {@code console} (what is printed), and do not
 * know each other.
 */
package dev.helix.runtime.cli;

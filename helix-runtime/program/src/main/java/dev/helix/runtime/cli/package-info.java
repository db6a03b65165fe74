/**
 * The program {@code helix}. Start with {@link dev.helix.runtime.cli.Main}, which puts the commands
 * together, and {@code Failures}, which turns what went wrong into one line and an exit status.
 *
 * <p>Each command has a package of its own: {@code decode}, {@code layouts}, {@code time}, {@code
 * calibration}, and {@code laws} for both {@code laws} and {@code museum}, the only part of the
 * runtime that sees the law library. They share {@code option} (what can be given), {@code prompt}
 * (what is decoded) and {@code console} (what comes back), and do not know each other.
 */
package dev.helix.runtime.cli;

/**
 * The program {@code helix}. Start with {@link dev.helix.runtime.cli.Main}, which puts the commands
 * together, and {@code Failures}, which turns a failure into one line and an exit status.
 *
 * <p>Commands are in packages by subject: {@code decode}, {@code layouts}, {@code time}, {@code
 * calibration}, {@code sweep} (also {@code advise} and {@code paper}), {@code verify} (also {@code
 * explain}), {@code laws} (also {@code museum}), {@code golden} and {@code lesson}. Only {@code
 * laws} and {@code golden} see the law library. Commands share {@code option} (options that several
 * have), {@code prompt} (what is decoded), {@code console} (what is printed) and {@code output}
 * (reports in files).
 */
package dev.helix.runtime.cli;

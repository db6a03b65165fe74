/**
 * The commands {@code helix laws} and {@code helix museum}. They test by the laws this project's
 * own parts of a decode, any program, or faults that were shipped. Start with {@link
 * dev.helix.runtime.cli.laws.LawsCommand} and {@link dev.helix.runtime.cli.laws.MuseumCommand};
 * {@code ProgramOptions} says how a program in another language is tested.
 */
package dev.helix.runtime.cli.laws;

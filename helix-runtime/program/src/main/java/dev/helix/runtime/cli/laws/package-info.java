/**
 * {@code helix laws} and {@code helix museum}: this project's own merges, kernels and decode, any
 * program, or faults that were shipped, held against the laws. Start with {@link
 * dev.helix.runtime.cli.laws.LawsCommand} and {@link dev.helix.runtime.cli.laws.MuseumCommand};
 * {@code ProgramOptions} says how a program of another language is asked.
 */
package dev.helix.runtime.cli.laws;

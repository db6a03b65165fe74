/**
 * {@code helix laws}: this project's own merges, the museum of faults or any program against the
 * laws. Start with {@link dev.helix.runtime.cli.laws.LawsCommand}, then read {@code
 * ProgramOptions}, which says how a program of another language is asked.
 */
package dev.helix.runtime.cli.laws;

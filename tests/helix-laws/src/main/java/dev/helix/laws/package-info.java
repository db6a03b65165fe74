/**
 * The laws of sharded attention as a library: {@link dev.helix.laws.Law} lists them by {@link
 * dev.helix.laws.Seam}, {@link dev.helix.laws.LawSuite} holds an implementation against them and
 * simplifies the case that breaks one.
 *
 * <p>A test class inherits a contract, {@code merge.MergeLaws} or {@code attention.AttentionLaws},
 * and writes the one adapter that it asks for. {@code algebra} is a merge to begin with, and {@code
 * readings} are this project's own. {@code decode} has the laws of this project's decode on ranks,
 * {@code museum} the faults that all of them must catch.
 */
package dev.helix.laws;

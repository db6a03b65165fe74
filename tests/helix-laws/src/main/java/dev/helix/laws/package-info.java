/**
 * The laws of sharded attention as a library: {@link dev.helix.laws.Law} lists them by {@link
 * dev.helix.laws.Seam}, {@link dev.helix.laws.LawSuite} holds an implementation against them and
 * simplifies the case that breaks one.
 *
 * <p>A test class inherits a contract, such as {@code merge.MergeLaws}, {@code
 * attention.AttentionLaws} or {@code placement.PlacementLaws}, and writes the one adapter that it
 * asks for. When laws are broken, {@link dev.helix.laws.Causes} puts together those that one cause
 * has broken, {@link dev.helix.laws.Diagnosis} names the known fault that gives all answers, and
 * {@code kept} keeps the cases in files. {@code algebra} is a merge to begin with, and that is all
 * that this library holds. The module of the decode laws adds {@code readings}, this project's own
 * parts under the laws, {@code decode}, the laws of its decode on ranks, and {@code museum},
 * shipped faults with the laws that must catch each.
 */
package dev.helix.laws;

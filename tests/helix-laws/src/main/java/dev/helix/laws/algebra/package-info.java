/**
 * The algebra of partial attention in plain doubles: {@link dev.helix.laws.algebra.PartialState},
 * its merge, and the forms in which kernels exchange it, (O, LSE) of {@link
 * dev.helix.attention.convention.LogBase} e or 2 and {@link dev.helix.laws.algebra.MaxSum}.
 *
 * <p>For those who write or test a merge. The decode program does not use it: each reading has its
 * own {@code mergeByLse}, which the same laws hold to account.
 */
package dev.helix.laws.algebra;

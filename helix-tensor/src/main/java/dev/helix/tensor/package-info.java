/**
 * The vocabulary that the Helix decode program is written in: tensors with named axes, the
 * operations of one rank ({@link dev.helix.tensor.Kernels}) and the exchanges between ranks ({@link
 * dev.helix.tensor.Collectives}). Start with these two.
 *
 * <p>Both are interfaces over a tensor type that a <em>reading</em> chooses: double precision on
 * ND4J ({@link dev.helix.tensor.fp64}), doubles whose sums are exact ({@link
 * dev.helix.tensor.exact}), numbers of any arithmetic, one by one ({@link
 * dev.helix.tensor.scalar}), or shapes alone ({@link dev.helix.tensor.trace}). The program is
 * written once and does not know which it is.
 */
package dev.helix.tensor;

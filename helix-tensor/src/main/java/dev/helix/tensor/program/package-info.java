/**
 * Types for what a program states about itself as it runs: where it is ({@link
 * dev.helix.tensor.program.Place}), what an operation is for ({@link
 * dev.helix.tensor.program.Purpose}: a phase of the decode step, and a piece of it under HOP-B),
 * and which operation it is ({@link dev.helix.tensor.program.LaunchKind}, {@link
 * dev.helix.tensor.program.TransferKind}). Start with {@code Purpose} and {@code LaunchKind}.
 *
 * <p>Numeric readings ignore it; the {@code trace} reading writes it down, and the timing model and
 * the reports read it there. Nothing is inferred from names or shapes afterwards.
 */
package dev.helix.tensor.program;

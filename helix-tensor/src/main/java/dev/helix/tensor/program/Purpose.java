package dev.helix.tensor.program;

/**
 * The purpose that a program gives to an operation when it launches it: the phase of the decode
 * step that the operation belongs to, and which piece of the operation this launch is. Reports and
 * the timing model read it; no number depends on it.
 *
 * <p>A {@link Phase} alone is the purpose of an operation that is launched whole.
 */
public sealed interface Purpose permits Phase, PhasePiece {
  /** The phase under which the time of the operation is reported. */
  Phase phase();

  /** The piece of the operation that is launched. */
  Piece piece();
}

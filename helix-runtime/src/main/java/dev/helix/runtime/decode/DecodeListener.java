package dev.helix.runtime.decode;

/** Hears of a run's tokens as they are decoded, on the thread of rank 0. */
public interface DecodeListener {
  /** Called when every rank has its weights, just before the first step. */
  default void loaded() {}

  /**
   * A request has got its next token.
   *
   * @param done whether it was the request's last
   */
  default void token(int request, int token, boolean done) {}
}

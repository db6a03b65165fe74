package dev.helix.runtime.decode;

/** Hears of a run as it goes on, on the thread of rank 0. */
public interface DecodeListener {
  /** Rank 0 has the weights of one more layer. */
  default void loadedLayer() {}

  /** Rank 0 has all its weights; the first step begins. */
  default void loaded() {}

  /**
   * In step with another run: a layer of a step is done.
   *
   * @param rows tokens that were read in it, of all requests
   */
  default void layer(int rows) {}

  /**
   * A step is done.
   *
   * @param rows tokens that were read in it, of all requests
   */
  default void step(int rows) {}

  /**
   * A request has got its next token.
   *
   * @param done whether it was the request's last
   */
  default void token(int request, int token, boolean done) {}
}

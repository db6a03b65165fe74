package dev.helix.runtime.decode;

/** Observes the progress of a run, on the thread of rank 0. */
public interface DecodeListener {
  /** Called when rank 0 has the weights of one more layer. */
  default void loadedLayer() {}

  /** Called when rank 0 has all its weights, before the first step. */
  default void loaded() {}

  /**
   * Called in a run that keeps in step with another one, when a layer of a step is done.
   *
   * @param rows number of tokens that were read in it, of all requests
   */
  default void layer(int rows) {}

  /**
   * Called when a step is done.
   *
   * @param rows number of tokens that were read in it, of all requests
   */
  default void step(int rows) {}

  /**
   * Called when a request has got its next token.
   *
   * @param done whether it was the request's last
   */
  default void token(int request, int token, boolean done) {}
}

package dev.helix.runtime.baseline;

/**
 * The source of the baseline's weights: a checkpoint, or a test.
 *
 * <p>It is a function and not a checkpoint class, so that the baseline depends on no code of the
 * program that it judges.
 */
@FunctionalInterface
public interface BaselineSource {
  /**
   * The numbers of one tensor, row-major. Called once for each name; the array is kept, and nobody
   * may change it any more.
   *
   * @param huggingFaceName for example {@code "model.layers.0.self_attn.q_proj.weight"}
   */
  double[] tensor(String huggingFaceName);
}

package dev.helix.attention.exact;

/** Of latent attention. */
final class ExactLatentMergeTest extends ExactMergeContract {
  ExactLatentMergeTest() {
    super(ExactProblem.Kind.LATENT);
  }
}

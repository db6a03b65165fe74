package dev.helix.attention.exact;

/** Of latent attention. */
final class ExactLatentMergeLaws extends ExactMergeLaws {
  ExactLatentMergeLaws() {
    super(ExactProblem.Kind.LATENT);
  }
}

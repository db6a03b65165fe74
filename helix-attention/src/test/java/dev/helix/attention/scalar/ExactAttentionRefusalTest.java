package dev.helix.attention.scalar;

import dev.helix.tensor.exact.ExactTensor;

/** What the exact kernels compute is no LSE, so they share the refusals with the others alone. */
final class ExactAttentionRefusalTest implements RefusalContract<ExactTensor> {
  @Override
  public Run<ExactTensor> run(int rank) {
    return Run.exact(rank);
  }
}

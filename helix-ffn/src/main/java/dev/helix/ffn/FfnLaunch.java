package dev.helix.ffn;

import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.PhasedLaunch;

/** The launches of {@link FfnKernels} and {@link MoeKernels}. */
public enum FfnLaunch implements PhasedLaunch {
  SWI_GLU("swiGlu", CostFamily.ELEMENTWISE, Phase.FFN),
  GROUPED_LINEAR("groupedLinear", CostFamily.EXPERTS, Phase.FFN),
  WEIGHTED_SWI_GLU("weightedSwiGlu", CostFamily.ELEMENTWISE, Phase.FFN),
  COMBINE_EXPERTS("combineExperts", CostFamily.EXPERTS, Phase.FFN),
  SUM_BY_TOKEN("sumByToken", CostFamily.ELEMENTWISE, Phase.COMBINE);

  private final String operation;
  private final CostFamily family;
  private final Phase phase;

  FfnLaunch(String operation, CostFamily family, Phase phase) {
    this.operation = operation;
    this.family = family;
    this.phase = phase;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public CostFamily family() {
    return family;
  }

  @Override
  public Phase phase() {
    return phase;
  }

  @Override
  public String toString() {
    return operation;
  }
}

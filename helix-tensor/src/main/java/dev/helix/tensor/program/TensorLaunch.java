package dev.helix.tensor.program;

/**
 * The launches of {@link dev.helix.tensor.Kernels}. All except the embedding serve in many phases,
 * so the program states the phase at each launch.
 */
public enum TensorLaunch implements LaunchKind {
  EMBED("embed", CostFamily.ELEMENTWISE),
  RMS_NORM("rmsNorm", CostFamily.ELEMENTWISE),
  LINEAR("linear", CostFamily.GEMM),
  PARTIAL_LINEAR("partialLinear", CostFamily.GEMM),
  ADD("add", CostFamily.ELEMENTWISE),
  SELECT_ROWS("selectRows", CostFamily.ELEMENTWISE);

  private final String operation;
  private final CostFamily family;

  TensorLaunch(String operation, CostFamily family) {
    this.operation = operation;
    this.family = family;
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
  public String toString() {
    return operation;
  }
}

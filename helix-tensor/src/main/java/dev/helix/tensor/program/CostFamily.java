package dev.helix.tensor.program;

/** What bounds the time of a launch: launches of one family share one set of constants. */
public enum CostFamily {
  /** One matrix, every row of the batch through all of it. */
  GEMM("gemm"),
  /** The matrices of the active experts of a rank. */
  EXPERTS("experts"),
  GQA_ATTENTION("gqaAttention"),
  MLA_ATTENTION("mlaAttention"),
  /** What does little with each byte: norms, residuals, rotary embedding, merges, copies. */
  ELEMENTWISE("elementwise");

  private final String field;

  CostFamily(String field) {
    this.field = field;
  }

  /** As files write it. */
  @Override
  public String toString() {
    return field;
  }
}

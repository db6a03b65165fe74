package dev.helix.tensor.program;

/**
 * Groups launches by what bounds their time; the launches of one family share one set of constants
 * of the timing model.
 */
public enum CostFamily {
  /** Products with one matrix, which every row of the batch passes through whole. */
  GEMM("gemm"),
  /** Products with the matrices of the active experts of a rank. */
  EXPERTS("experts"),
  GQA_ATTENTION("gqaAttention"),
  MLA_ATTENTION("mlaAttention"),
  /**
   * Operations that do little with each byte: norms, residuals, rotary embedding, merges, copies.
   */
  ELEMENTWISE("elementwise");

  private final String field;

  CostFamily(String field) {
    this.field = field;
  }

  /** The name as files write it. */
  @Override
  public String toString() {
    return field;
  }
}

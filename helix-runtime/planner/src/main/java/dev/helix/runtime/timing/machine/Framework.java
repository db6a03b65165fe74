package dev.helix.runtime.timing.machine;

/** The serving programs whose kernels were measured separately. */
public enum Framework {
  SGLANG("sglang"),
  VLLM("vllm"),
  TRTLLM("trtllm");

  private final String field;

  Framework(String field) {
    this.field = field;
  }

  /** The name as options and files write it. */
  @Override
  public String toString() {
    return field;
  }
}

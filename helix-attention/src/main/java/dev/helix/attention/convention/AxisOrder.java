package dev.helix.attention.convention;

/** Whether tokens or heads are the outer axis in an implementation's arrays. */
public enum AxisOrder {
  /** Outputs {@code [shards, tokens, heads, dim]}, log-sum-exps {@code [shards, tokens, heads]}. */
  TOKENS_FIRST,
  /** Outputs {@code [shards, heads, tokens, dim]}, log-sum-exps {@code [shards, heads, tokens]}. */
  HEADS_FIRST;

  /** The row-major index of one head of one token. */
  public int index(int token, int head, int tokens, int heads) {
    return this == TOKENS_FIRST ? token * heads + head : head * tokens + token;
  }
}

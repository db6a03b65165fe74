package dev.helix.attention.helix;

/** How many ranks along TPA may keep the same KV head. */
public enum KvHeads {
  /** One, as in Helix, where TPA is at most K (Helix Parallelism §2.1). */
  SPLIT,
  /**
   * One while TPA is at most K, then TPA/K: tensor parallelism beyond the KV heads, which costs
   * each of the ranks the memory of a KV head and the time to read it.
   */
  DUPLICATED
}

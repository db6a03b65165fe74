package dev.helix.attention.helix;

/** How many ranks along TPA may keep the same KV head. */
public enum KvHeads {
  /**
   * One rank keeps each KV head, as in Helix, so that TPA is at most K (Helix Parallelism §2.1).
   */
  SPLIT,
  /**
   * One rank keeps each KV head while TPA is at most K, and TPA/K ranks beyond that. This is tensor
   * parallelism beyond the number of KV heads. It costs each of these ranks the memory of a KV head
   * and the time to read it.
   */
  DUPLICATED
}

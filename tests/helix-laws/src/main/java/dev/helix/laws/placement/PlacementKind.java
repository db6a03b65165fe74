package dev.helix.laws.placement;

/** The rules by which serving systems deal the tokens of a request to KVP shards. */
public enum PlacementKind {
  /** In turns of a number of tokens, from shard 0 on: Helix Parallelism §2.1, vLLM. */
  ROUND_ROBIN,
  /** In turns that begin anywhere, also within a turn. */
  ROUND_ROBIN_FROM_A_PHASE,
  /** One part of the sequence for each shard. */
  CONTIGUOUS,
  /** By the number of the cache slot that an allocator has given to the token: SGLang. */
  BY_CACHE_SLOT,
  /**
   * In turns for the prompt, and in turns that begin anew at shard 0 for what is generated, counted
   * from the first generated token: TensorRT-LLM.
   */
  RESTARTED,
  /** Like {@link #RESTARTED}, but all tokens of a step follow the first of them. */
  RESTARTED_BY_STEPS,
  /** In turns, into pages that have one number on all shards: vLLM's block of block size × N. */
  VIRTUAL_PAGES,
  /** A rule that the laws do not know: it has to agree with itself. */
  OWN
}

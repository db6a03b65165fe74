package dev.helix.laws.placement;

import java.util.Locale;

/** The rules by which serving systems deal the tokens of a request to KVP shards. */
public enum PlacementKind {
  /**
   * Shards take turns of a fixed number of tokens, beginning with shard 0 (Helix Parallelism §2.1;
   * vLLM).
   */
  ROUND_ROBIN,
  /** Shards take turns that begin with any shard, and also within a turn. */
  ROUND_ROBIN_FROM_A_PHASE,
  /** Each shard keeps one contiguous part of the sequence. */
  CONTIGUOUS,
  /** The number of the cache slot that an allocator has given to a token decides (SGLang). */
  BY_CACHE_SLOT,
  /**
   * Shards take turns for the prompt. The turns begin anew at shard 0 with the first generated
   * token (TensorRT-LLM).
   */
  RESTARTED,
  /** Like {@link #RESTARTED}, but all tokens of a step go to the shard of the first of them. */
  RESTARTED_BY_STEPS,
  /**
   * Shards take turns, and fill pages that have the same number on all shards (vLLM's block of
   * block size × N).
   */
  VIRTUAL_PAGES,
  /** A rule that the laws do not know. They check only that it agrees with itself. */
  OWN;

  /** The name in files and reports, such as {@code round-robin}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.helix.attention.placement;

import dev.helix.tensor.InvalidInputException;

/**
 * Deals tokens round robin over the shards in runs of {@code runLength} tokens (Helix Parallelism
 * §2.1: 16 decode steps; in TensorRT-LLM the page size). All shards stay equally full while a
 * request grows.
 *
 * @param shards number of shards, KVP
 * @param runLength number of consecutive tokens that one shard keeps before the next shard's turn
 */
public record RoundRobinPlacement(int shards, int runLength) implements KvPlacement {
  public RoundRobinPlacement {
    if (shards < 1) {
      throw new InvalidInputException("KVP must be at least 1, got " + shards);
    }
    if (runLength < 1) {
      throw new InvalidInputException("run length must be at least 1, got " + runLength);
    }
  }

  @Override
  public int owner(int position) {
    return Bounds.position(position) / runLength % shards;
  }

  @Override
  public int slot(int position) {
    return (int) (Bounds.position(position) / round() * runLength) + position % runLength;
  }

  @Override
  public int position(int shard, int slot) {
    Bounds.shard(shard, shards);
    Bounds.slot(slot);
    return Math.toIntExact(
        slot / runLength * round() + (long) shard * runLength + slot % runLength);
  }

  /**
   * {@inheritDoc} For S tokens, N shards, runs of I tokens and shard r it is ⌊S/(N·I)⌋·I + clamp(S
   * mod (N·I) − r·I, 0, I).
   */
  @Override
  public int localLength(int shard, int tokens) {
    Bounds.shard(shard, shards);
    Bounds.tokens(tokens);
    long started = tokens % round() - (long) shard * runLength;
    return (int) (tokens / round() * runLength + Math.max(0, Math.min(runLength, started)));
  }

  /** Number of tokens after which it is the first shard's turn again. */
  private long round() {
    return (long) shards * runLength;
  }
}

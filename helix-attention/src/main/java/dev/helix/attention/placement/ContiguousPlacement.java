package dev.helix.attention.placement;

import dev.helix.tensor.InvalidInputException;

/**
 * Gives each shard one contiguous part of the sequence, of ⌈capacity/KVP⌉ tokens. This placement
 * has to know how long the request may become. Until the request is full, later shards are empty.
 *
 * @param shards number of shards, KVP
 * @param capacity the greatest number of tokens of the request
 */
public record ContiguousPlacement(int shards, int capacity) implements KvPlacement {
  public ContiguousPlacement {
    if (shards < 1) {
      throw new InvalidInputException("KVP must be at least 1, got " + shards);
    }
    if (capacity < 1) {
      throw new InvalidInputException(
          "capacity of a contiguous placement must be at least 1 token, got " + capacity);
    }
  }

  @Override
  public int owner(int position) {
    return inside(position) / partLength();
  }

  @Override
  public int slot(int position) {
    return inside(position) % partLength();
  }

  @Override
  public int position(int shard, int slot) {
    Bounds.shard(shard, shards);
    Bounds.slot(slot);
    if (slot >= partLength()) {
      throw new IllegalArgumentException(
          "slot " + slot + " is beyond the " + partLength() + " tokens of a shard");
    }
    return inside(Math.toIntExact((long) shard * partLength() + slot));
  }

  @Override
  public int localLength(int shard, int tokens) {
    Bounds.shard(shard, shards);
    if (Bounds.tokens(tokens) > capacity) {
      throw new IllegalArgumentException(tokens + " tokens exceed the capacity of " + capacity);
    }
    long before = (long) shard * partLength();
    return (int) Math.max(0, Math.min(partLength(), tokens - before));
  }

  private int partLength() {
    return (capacity - 1) / shards + 1;
  }

  private int inside(int position) {
    if (Bounds.position(position) >= capacity) {
      throw new IllegalArgumentException(
          "position " + position + " is beyond the capacity of " + capacity + " tokens");
    }
    return position;
  }
}

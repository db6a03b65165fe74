package dev.helix.laws.placement.files;

import dev.helix.laws.placement.TokenPlacement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program's answer to a {@link PlacedView}, as the laws look at it. */
final class AnsweredPlacement implements TokenPlacement {
  private final PlacedView asked;
  private final int[] asks;
  private final int[] owners;
  private final int[] slots;
  private final int[] lengths;
  private final Map<List<Integer>, Integer> byPlace = new HashMap<>();

  /** Keeps the arrays, whose shapes are those that {@link PlacementFiles} documents. */
  AnsweredPlacement(PlacedView asked, int[] owners, int[] slots, int[] lengths, int[] back) {
    this.asked = asked;
    this.asks = asked.positions();
    this.owners = owners;
    this.slots = slots;
    this.lengths = lengths;
    long[] places = asked.places();
    for (int at = 0; at < back.length; at++) {
      byPlace.put(List.of((int) places[2 * at], (int) places[2 * at + 1]), back[at]);
    }
  }

  @Override
  public int owner(int position) {
    return owners[index(position)];
  }

  @Override
  public int slot(int position) {
    return slots[index(position)];
  }

  /** A place that no token has by the rule is asked for only after a wrong answer; it gives −1. */
  @Override
  public int position(int shard, int slot) {
    return byPlace.getOrDefault(List.of(shard, slot), -1);
  }

  @Override
  public int localLength(int shard, int tokens) {
    int row = tokens == asked.request().tokens() ? asks.length : index(tokens);
    return lengths[row * asked.rule().shards() + shard];
  }

  private int index(int position) {
    return Arrays.binarySearch(asks, position);
  }
}

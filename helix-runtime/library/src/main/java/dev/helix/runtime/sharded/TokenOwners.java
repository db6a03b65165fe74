package dev.helix.runtime.sharded;

import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;

/**
 * Which rank keeps which token, for the requests of one step. Within a rank, slots are in the order
 * of positions.
 */
public final class TokenOwners {
  private final int kvp;
  private final int[] lengths;

  /** The positions that each rank keeps, {@code [request][rank][slot]}. */
  private final int[][][] positions;

  /**
   * Deals the tokens.
   *
   * @param lengths number of tokens of each request
   * @throws InvalidInputException if a length is negative, or the rule names no rank of the group
   */
  public TokenOwners(int kvp, int[] lengths, OwnerRule rule) {
    this.kvp = kvp;
    this.lengths = lengths.clone();
    this.positions = new int[lengths.length][][];
    for (int request = 0; request < lengths.length; request++) {
      positions[request] = dealt(request, rule);
    }
  }

  private int[][] dealt(int request, OwnerRule rule) {
    if (lengths[request] < 0) {
      throw new InvalidInputException(
          "length of request %d: expected at least 0 tokens, got %d"
              .formatted(request, lengths[request]));
    }
    int[] counts = new int[kvp];
    for (int position = 0; position < lengths[request]; position++) {
      int owner = rule.owner(request, position);
      if (owner < 0 || owner >= kvp) {
        throw new InvalidInputException(
            "placement: expected a rank in [0, %d) for position %d, got %d"
                .formatted(kvp, position, owner));
      }
      counts[owner]++;
    }
    int[][] kept = new int[kvp][];
    Arrays.setAll(kept, rank -> new int[counts[rank]]);
    Arrays.fill(counts, 0);
    for (int position = 0; position < lengths[request]; position++) {
      int owner = rule.owner(request, position);
      kept[owner][counts[owner]++] = position;
    }
    return kept;
  }

  /** Number of ranks, KVP. */
  public int kvp() {
    return kvp;
  }

  /** Number of requests. */
  public int requests() {
    return lengths.length;
  }

  /** Number of tokens of a request, over all ranks. */
  public int length(int request) {
    return lengths[request];
  }

  /** How many of the first {@code tokens} positions of a request a rank keeps. */
  public int localLength(int request, int rank, int tokens) {
    int at = Arrays.binarySearch(positions[request][rank], tokens);
    return at < 0 ? -at - 1 : at;
  }

  /** How many tokens of a request a rank keeps. */
  public int localLength(int request, int rank) {
    return positions[request][rank].length;
  }

  /**
   * The position of the token in a slot. Behind the last token of the rank it is the position that
   * a query after the end of the request would have.
   */
  public int position(int request, int rank, int slot) {
    int[] kept = positions[request][rank];
    return slot < kept.length ? kept[slot] : lengths[request] + slot - kept.length;
  }

  /**
   * The most consecutive tokens of a request that one rank keeps: the run length, if dealt in runs.
   */
  public int longestRun() {
    int longest = 0;
    for (int[][] ranks : positions) {
      for (int[] kept : ranks) {
        int run = 0;
        for (int slot = 0; slot < kept.length; slot++) {
          run = slot > 0 && kept[slot] == kept[slot - 1] + 1 ? run + 1 : 1;
          longest = Math.max(longest, run);
        }
      }
    }
    return longest;
  }
}

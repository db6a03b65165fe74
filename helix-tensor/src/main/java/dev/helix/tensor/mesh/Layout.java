package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The task of each of N ranks in the two phases of a layer (Helix Parallelism §2). In attention the
 * ranks form a grid of KVP × TPA, and in the FFN the same ranks form a grid of TPF × EP.
 *
 * <p>Rank r has KVP index {@code r % kvp} (innermost) and TPA index {@code r / kvp}, so that after
 * the all-to-all rank r holds the r-th contiguous run of query heads, which is the r-th column
 * block of the output projection. In the FFN it has TPF index {@code r % tpf} and EP index {@code r
 * / tpf}.
 *
 * @param kvp KV parallel width: shards of the cache along the sequence
 * @param tpa tensor parallel width of attention, over KV heads
 * @param tpf tensor parallel width of the FFN
 * @param ep expert parallel width of the FFN
 */
public record Layout(int kvp, int tpa, int tpf, int ep) {
  /**
   * The largest number of ranks. It is more than any machine modelled here has, so a larger number
   * is a typing error.
   */
  public static final int MAX_RANKS = 1024;

  public Layout {
    Sizes.requirePositive("KVP", kvp);
    Sizes.requirePositive("TPA", tpa);
    Sizes.requirePositive("TPF", tpf);
    Sizes.requirePositive("EP", ep);
    if ((long) kvp * tpa != (long) tpf * ep) {
      throw new InvalidInputException(
          "KVP × TPA (%d × %d = %d) must equal TPF × EP (%d × %d = %d): the same ranks serve both phases"
              .formatted(kvp, tpa, (long) kvp * tpa, tpf, ep, (long) tpf * ep));
    }
    if ((long) kvp * tpa > MAX_RANKS) {
      throw new InvalidInputException(
          "KVP × TPA (%d × %d) must be at most %d ranks".formatted(kvp, tpa, MAX_RANKS));
    }
  }

  /** The layout of a dense model, in which all ranks form TPF. */
  public static Layout dense(int kvp, int tpa) {
    Sizes.requirePositive("KVP", kvp);
    Sizes.requirePositive("TPA", tpa);
    if ((long) kvp * tpa > MAX_RANKS) {
      throw new InvalidInputException(
          "KVP × TPA (%d × %d) must be at most %d ranks".formatted(kvp, tpa, MAX_RANKS));
    }
    return new Layout(kvp, tpa, kvp * tpa, 1);
  }

  /** The number of ranks, N. */
  public int ranks() {
    return kvp * tpa;
  }

  public int kvpIndex(int rank) {
    return checked(rank) % kvp;
  }

  public int tpaIndex(int rank) {
    return checked(rank) / kvp;
  }

  public int tpfIndex(int rank) {
    return checked(rank) % tpf;
  }

  public int epIndex(int rank) {
    return checked(rank) / tpf;
  }

  /** All N ranks. */
  public Group all() {
    return run("all", 0, ranks());
  }

  /** The ranks that hold the other parts of the sequence for the heads of {@code rank}. */
  public Group kvpGroup(int rank) {
    int tpaIndex = tpaIndex(rank);
    return run("kvp[" + tpaIndex + "]", tpaIndex * kvp, kvp);
  }

  /** The ranks that hold the other columns of the experts of {@code rank}. */
  public Group tpfGroup(int rank) {
    int epIndex = epIndex(rank);
    return run("tpf[" + epIndex + "]", epIndex * tpf, tpf);
  }

  /** The ranks that hold the same columns of the other experts, one in each expert group. */
  public Group epGroup(int rank) {
    int tpfIndex = tpfIndex(rank);
    List<Integer> ranks = IntStream.range(0, ep).map(e -> e * tpf + tpfIndex).boxed().toList();
    return new Group("ep[" + tpfIndex + "]", ranks);
  }

  private static Group run(String name, int first, int count) {
    List<Integer> ranks = IntStream.range(first, first + count).boxed().toList();
    return new Group(name, ranks);
  }

  private int checked(int rank) {
    if (rank < 0 || rank >= ranks()) {
      throw new IllegalArgumentException("rank " + rank + " is not in [0, " + ranks() + ")");
    }
    return rank;
  }
}

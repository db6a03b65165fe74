package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The task of each of N ranks in the two phases of a layer (Helix Parallelism §2). In attention the
 * ranks form a grid of KVP × TPA, and in the FFN the same ranks form a grid of TPF × EP.
 *
 * <p>The i-th rank has KVP index {@code i % kvp} (innermost) and TPA index {@code i / kvp}, so that
 * after the all-to-all it holds the i-th contiguous run of query heads, which is the i-th column
 * block of the output projection. In the FFN it has TPF index {@code i % tpf} and EP index {@code i
 * / tpf}.
 *
 * <p>The N ranks are those from 0 on, unless {@linkplain #on others} are named: the ranks of a run
 * may be several groups that each have a layout, and a phase may run on some of the ranks alone.
 *
 * @param kvp KV parallel width: shards of the cache along the sequence
 * @param tpa tensor parallel width of attention, over KV heads
 * @param tpf tensor parallel width of the FFN
 * @param ep expert parallel width of the FFN
 * @param members the N ranks, in the order of their indices
 */
public record Layout(int kvp, int tpa, int tpf, int ep, List<Integer> members) {
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
    TooManyRanksException.require((long) kvp * tpa, () -> words(kvp, tpa));
    members = List.copyOf(members);
    if (members.size() != kvp * tpa || !areDifferent(members)) {
      throw new IllegalArgumentException(
          "ranks %s, expected %d different ones".formatted(members, kvp * tpa));
    }
  }

  /** The layout of N ranks that begin with rank 0. */
  public Layout(int kvp, int tpa, int tpf, int ep) {
    this(kvp, tpa, tpf, ep, from(0, (long) Math.max(0, kvp) * Math.max(0, tpa)));
  }

  /** The layout of a dense model, in which all ranks form TPF. */
  public static Layout dense(int kvp, int tpa) {
    Sizes.requirePositive("KVP", kvp);
    Sizes.requirePositive("TPA", tpa);
    TooManyRanksException.require((long) kvp * tpa, () -> words(kvp, tpa));
    return new Layout(kvp, tpa, kvp * tpa, 1);
  }

  /** The same layout of N ranks that begin with another rank. */
  public Layout startingAt(int rank) {
    return on(from(rank, ranks()));
  }

  /**
   * The same layout of other ranks.
   *
   * @param others the same number of ranks, in the order of their indices
   */
  public Layout on(List<Integer> others) {
    return new Layout(kvp, tpa, tpf, ep, others);
  }

  private static String words(int kvp, int tpa) {
    return "KVP × TPA (%d × %d)".formatted(kvp, tpa);
  }

  private static boolean areDifferent(List<Integer> ranks) {
    for (int i = 1; i < ranks.size(); i++) {
      if (ranks.get(i) <= ranks.get(i - 1)) {
        return new HashSet<>(ranks).size() == ranks.size();
      }
    }
    return true;
  }

  private static List<Integer> from(int rank, long count) {
    return IntStream.range(rank, rank + (int) Math.min(count, MAX_RANKS)).boxed().toList();
  }

  /** N, the number of ranks. */
  public int ranks() {
    return kvp * tpa;
  }

  /** Whether a rank belongs to the layout. */
  public boolean has(int rank) {
    return members.contains(rank);
  }

  /** The index of a rank among the N ranks, from 0. */
  public int index(int rank) {
    int index = members.indexOf(rank);
    if (index < 0) {
      throw new IllegalArgumentException(
          "rank " + rank + " is not in " + (isFromZero() ? "[0, " + ranks() + ")" : members));
    }
    return index;
  }

  public int kvpIndex(int rank) {
    return index(rank) % kvp;
  }

  public int tpaIndex(int rank) {
    return index(rank) / kvp;
  }

  public int tpfIndex(int rank) {
    return index(rank) % tpf;
  }

  public int epIndex(int rank) {
    return index(rank) / tpf;
  }

  /** The group of all N ranks. */
  public Group all() {
    return run("all", 0, ranks());
  }

  /** The ranks that hold the other parts of the sequence for the heads of {@code rank}. */
  public Group kvpGroup(int rank) {
    int tpaIndex = tpaIndex(rank);
    return run("kvp[" + tpaIndex + "]", tpaIndex * kvp, kvp);
  }

  /** The groups of {@link #kvpGroup}, TPA of them. */
  public List<Group> kvpGroups() {
    return IntStream.range(0, tpa).mapToObj(t -> kvpGroup(members.get(t * kvp))).toList();
  }

  /** The groups of {@link #tpfGroup}, EP of them. */
  public List<Group> tpfGroups() {
    return IntStream.range(0, ep).mapToObj(e -> tpfGroup(members.get(e * tpf))).toList();
  }

  /** The groups of {@link #epGroup}, TPF of them. */
  public List<Group> epGroups() {
    return IntStream.range(0, tpf).mapToObj(t -> epGroup(members.get(t))).toList();
  }

  /** The ranks that hold the other columns of the experts of {@code rank}. */
  public Group tpfGroup(int rank) {
    int epIndex = epIndex(rank);
    return run("tpf[" + epIndex + "]", epIndex * tpf, tpf);
  }

  /** The ranks that hold the same columns of the other experts, one in each expert group. */
  public Group epGroup(int rank) {
    int tpfIndex = tpfIndex(rank);
    List<Integer> ranks =
        IntStream.range(0, ep).map(e -> members.get(e * tpf + tpfIndex)).boxed().toList();
    return group("ep[" + tpfIndex + "]", ranks);
  }

  private Group run(String name, int from, int count) {
    return group(name, members.subList(from, from + count));
  }

  /** A group with a unique name, because several layouts may share the ranks of a run. */
  private Group group(String name, List<Integer> ranks) {
    return new Group(isFromZero() ? name : name + " of " + words(), ranks);
  }

  private boolean isFromZero() {
    return members.equals(from(0, ranks()));
  }

  private String words() {
    int first = members.get(0);
    return members.equals(from(first, ranks()))
        ? "ranks from " + first + " on"
        : "ranks " + members;
  }

  /** The widths, and the ranks if they are not those from 0 on. */
  @Override
  public String toString() {
    String others = isFromZero() ? "" : ", " + words();
    return "Layout[kvp=%d, tpa=%d, tpf=%d, ep=%d%s]".formatted(kvp, tpa, tpf, ep, others);
  }
}

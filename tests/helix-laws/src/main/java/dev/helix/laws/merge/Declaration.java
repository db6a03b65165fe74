package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Law;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import java.util.Collections;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a merge under test declares of itself beside its convention. Everything not declared is as
 * in {@link #of}.
 *
 * @param convention how its arrays are to be read, and how it rounds
 * @param returnsLse whether a merge also returns the merged log-sum-exp; if not, the suite supplies
 *     the true one where a result is merged again
 * @param heads the only number of heads that it takes, if there is but one: cases are cut and
 *     filled up to it
 * @param dim the only number of components of a value that it takes, likewise
 * @param inBits the laws that it keeps with equality of bits; the others within derived bounds
 */
public record Declaration(
    Convention convention,
    boolean returnsLse,
    OptionalInt heads,
    OptionalInt dim,
    Set<Law> inBits) {
  public Declaration {
    inBits = Set.copyOf(inBits);
  }

  /** Returns the merged log-sum-exp, takes any sizes, keeps no law to the bit. */
  public static Declaration of(Convention convention) {
    return new Declaration(convention, true, OptionalInt.empty(), OptionalInt.empty(), Set.of());
  }

  /** Without a merged log-sum-exp among the results. */
  public Declaration withoutLse() {
    return new Declaration(convention, false, heads, dim, inBits);
  }

  /** With the only number of heads, and of components of a value, that it takes. */
  public Declaration sized(OptionalInt onlyHeads, OptionalInt onlyDim) {
    return new Declaration(convention, returnsLse, onlyHeads, onlyDim, inBits);
  }

  /** With these laws kept to the bit. */
  public Declaration inBits(Law first, Law... more) {
    return new Declaration(convention, returnsLse, heads, dim, EnumSet.of(first, more));
  }

  /** What is lost at the edge of a tile, these laws see; others would see the same again. */
  public static final Set<Law> OF_EDGES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Law.PARTITION,
              Law.ONE_RANK,
              Law.COMMUTATIVE,
              Law.EMPTY_IDENTITY,
              Law.OWNERSHIP,
              Law.NAN_IS_REPORTED));

  /** Numbers of a question beyond which an edge of a tile is tried under few laws. */
  private static final long MANY_NUMBERS = 1L << 15;

  /** Numbers of a question that are too many: 8 MB. */
  private static final long TOO_MANY_NUMBERS = 1L << 20;

  /** Where no log-sum-exp is returned, the law of its range has nothing to hold against. */
  public boolean checks(Law law) {
    return returnsLse || law != Law.LSE_RANGE;
  }

  /**
   * Whether a law is tried on a case. All are, but for those that are long. Edges of tiles are left
   * to {@link #OF_EDGES}, and if they become still longer when they are filled up to the only size,
   * to the laws that know a true value, or to none. Needles are left to {@link Law#NEEDLE}, which
   * has no other case, unless they become too long.
   */
  public boolean checks(Law law, MergeCase given) {
    long sent =
        (long) given.shards()
            * given.tokens()
            * filled(given.heads(), heads)
            * filled(given.dim(), dim);
    if (law == Law.NEEDLE || given.hard().contains(HardCase.NEEDLE)) {
      return law == Law.NEEDLE
          && given.hard().contains(HardCase.NEEDLE)
          && sent <= TOO_MANY_NUMBERS;
    }
    boolean known = law == Law.PARTITION || law == Law.ONE_RANK;
    boolean ofEdges = OF_EDGES.contains(law) && sent <= (known ? TOO_MANY_NUMBERS : MANY_NUMBERS);
    return ofEdges || !given.hard().contains(HardCase.TILE_EDGE);
  }

  private static int filled(int count, OptionalInt only) {
    int size = only.orElse(count);
    return (count + size - 1) / size * size;
  }
}

package dev.helix.laws.merge;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Empties;
import dev.helix.laws.Law;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.tensor.InvalidInputException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The declarations of a merge under test: its convention, and what differs from the defaults of
 * {@link #of}.
 *
 * @param convention how its arrays are to be read, and how it rounds
 * @param returnsLse whether a merge also returns the merged log-sum-exp; if not, the suite supplies
 *     the true one where a result is merged again
 * @param heads the number of heads, if the merge takes only one such number; cases are cut and
 *     filled up to it
 * @param dim the number of components of a value, if the merge takes only one such number, likewise
 * @param inBits the laws that it keeps bit for bit; it keeps the others within derived bounds
 */
public record Declaration(
    Convention convention,
    boolean returnsLse,
    OptionalInt heads,
    OptionalInt dim,
    Set<Law> inBits) {
  /**
   * Checks that the declarations fit each other.
   *
   * @throws InvalidInputException if only one number of heads is taken and a length tells which
   *     parts have no tokens: the heads that fill up a question have other parts without tokens
   */
  public Declaration {
    if (heads.isPresent() && convention.marks().byLength()) {
      throw new InvalidInputException(
          "declaration: a length that tells which parts have no tokens does not fit a fixed number"
              + " of heads");
    }
    inBits = Set.copyOf(inBits);
  }

  /**
   * Declares a merge that returns the merged log-sum-exp if its convention does, takes any sizes,
   * and keeps every law within derived bounds; {@link Law#ONE_RANK} bit for bit if the convention
   * promises it.
   */
  public static Declaration of(Convention convention) {
    boolean returnsLse = convention.weights().returned();
    boolean copiesOne = convention.contract().values().copiesOne();
    return new Declaration(
        convention,
        returnsLse,
        OptionalInt.empty(),
        OptionalInt.empty(),
        copiesOne ? Set.of(Law.ONE_RANK) : Set.of());
  }

  /** The same declaration of a merge that does not return the merged log-sum-exp. */
  public Declaration withoutLse() {
    return new Declaration(convention, false, heads, dim, inBits);
  }

  /**
   * The same declaration of a merge that takes only this number of heads, and this number of
   * components of a value.
   */
  public Declaration sized(OptionalInt onlyHeads, OptionalInt onlyDim) {
    return new Declaration(convention, returnsLse, onlyHeads, onlyDim, inBits);
  }

  /** The same declaration of a merge that keeps these laws bit for bit. */
  public Declaration inBits(Law first, Law... more) {
    return new Declaration(convention, returnsLse, heads, dim, EnumSet.of(first, more));
  }

  /**
   * The laws that are tried at the edges of tiles. They see everything that can be lost there, and
   * other laws would only see it again.
   */
  public static final Set<Law> OF_EDGES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Law.PARTITION,
              Law.ONE_RANK,
              Law.COMMUTATIVE,
              Law.EMPTY_IDENTITY,
              Law.OWNERSHIP,
              Law.NAN_IS_REPORTED));

  /** Size of a question, in numbers, beyond which an edge of a tile is tried under few laws. */
  private static final long MANY_NUMBERS = 1L << 15;

  /** Size of a question, in numbers, beyond which it is not asked at all: 8 MB. */
  private static final long TOO_MANY_NUMBERS = 1L << 20;

  /** Size of a question about a mean, in numbers, beyond which it is not asked: 32 MB. */
  private static final long MOST_OF_A_MEAN = 1L << 22;

  /** Whether a law is tried at all. */
  public boolean checks(Law law) {
    return whyNotTried(law).isEmpty();
  }

  /**
   * The reason why a law is not tried at all, which is that it has nothing to look at; empty if it
   * is tried.
   */
  public Optional<String> whyNotTried(Law law) {
    Contract contract = convention.contract();
    Empties empties = contract.empties();
    boolean never = empties.occurrence() == Empties.Occurrence.NEVER;
    return switch (law) {
      case LSE_RANGE -> reason(!returnsLse, "no log-sum-exp is returned");
      case EMPTY_IDENTITY -> reason(never, "every part has tokens");
      case OWNERSHIP ->
          reason(never, "every part has tokens")
              .or(
                  () ->
                      reason(
                          empties.given() == Empties.Content.ZERO,
                          "parts without tokens are given as 0"));
      case ONE_RANK ->
          reason(
              contract.leastShards() > 1 && !contract.values().bypasses(),
              "a call takes %d parts or more".formatted(contract.leastShards()));
      case NAN_IS_REPORTED ->
          reason(
              contract.values().losesNan()
                  && convention.marks().mayBeRead(Double.NaN)
                  && convention.marks().mayBeRead(Double.POSITIVE_INFINITY),
              "the convention may lose a NaN");
      default -> Optional.empty();
    };
  }

  private static Optional<String> reason(boolean holds, String words) {
    return holds ? Optional.of(words) : Optional.empty();
  }

  /**
   * Whether a law is tried on a case. Every law is tried on every case that is not long. Edges of
   * tiles are tried only under {@link #OF_EDGES}. If filling them up to the only size makes them
   * still longer, they are tried only under the laws that know a true value, or not at all. Needles
   * are tried only under {@link Law#NEEDLE}, which has no other case, and only if they do not
   * become too long. The case of many rows is tried under {@link Law#WEIGHTS} alone.
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
    if (given.hard().contains(HardCase.MANY_ROWS)) {
      return law == Law.WEIGHTS && sent <= MOST_OF_A_MEAN;
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

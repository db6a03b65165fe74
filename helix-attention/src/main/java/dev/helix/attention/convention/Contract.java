package dev.helix.attention.convention;

import dev.helix.tensor.InvalidInputException;

/**
 * What a caller of the merge promises, and what the merge does with what has no good answer.
 *
 * @param empties where parts without tokens occur, and what they hold
 * @param leastShards smallest number of parts in a call
 * @param mostShards largest number of parts in a call
 * @param largestLse magnitude of log-sum-exps, in their base, that no part with tokens exceeds; ∞
 *     if there is no limit
 * @param values what becomes of NaN among values that have weight, and what is not merged
 */
public record Contract(
    Empties empties, int leastShards, int mostShards, double largestLse, Values values) {
  /**
   * What is done with values besides merging them.
   *
   * @param losesNan whether NaN and infinity among values with weight may be replaced by 0; they
   *     have to be reported otherwise
   * @param bypasses whether the merge is told a number of tokens behind which rows are not merged:
   *     they are copied from the last part
   * @param copiesOne whether a call with one part returns it bit for bit, up to the sign of zero;
   *     nothing is promised of (max, sum) pairs, or where an answer has another format or base
   */
  public record Values(boolean losesNan, boolean bypasses, boolean copiesOne) {
    /** NaN is reported, and everything is merged, one part too. */
    public static final Values MERGED = new Values(false, false, false);
  }

  /** Any number of parts, any log-sum-exps, and parts without tokens anywhere. */
  public static final Contract ANY =
      new Contract(Empties.ANYWHERE, 1, Integer.MAX_VALUE, Double.POSITIVE_INFINITY, Values.MERGED);

  /**
   * Checks the numbers.
   *
   * @throws InvalidInputException if no number of parts is allowed, or only one; or if log-sum-exps
   *     are limited to less than 1000, within which no hard case fits
   */
  public Contract {
    if (leastShards < 1 || mostShards < Math.max(2, leastShards)) {
      throw new InvalidInputException(
          "shards of a merge: expected from at least 1 to at least 2, got %d to %d"
              .formatted(leastShards, mostShards));
    }
    if (!(largestLse >= 1000)) {
      throw new InvalidInputException(
          "largest LSE of a merge: expected at least 1000, got " + largestLse);
    }
  }

  /** This contract with another one about parts without tokens. */
  public Contract with(Empties others) {
    return new Contract(others, leastShards, mostShards, largestLse, values);
  }

  /** This contract with calls of {@code least} to {@code most} parts. */
  public Contract shards(int least, int most) {
    return new Contract(empties, least, most, largestLse, values);
  }

  /** This contract with log-sum-exps up to this magnitude. */
  public Contract lsesUpTo(double magnitude) {
    return new Contract(empties, leastShards, mostShards, magnitude, values);
  }

  /** This contract of a merge that may, or must not, replace NaN by 0. */
  public Contract losingNan(boolean may) {
    Values losing = new Values(may, values.bypasses(), values.copiesOne());
    return new Contract(empties, leastShards, mostShards, largestLse, losing);
  }

  /** This contract of a merge that copies rows behind a number of tokens, or merges them all. */
  public Contract bypassing(boolean does) {
    Values bypassing = new Values(values.losesNan(), does, values.copiesOne());
    return new Contract(empties, leastShards, mostShards, largestLse, bypassing);
  }

  /** This contract of a merge that promises to return one part bit for bit, or merges it too. */
  public Contract copyingOne(boolean does) {
    Values copying = new Values(values.losesNan(), values.bypasses(), does);
    return new Contract(empties, leastShards, mostShards, largestLse, copying);
  }

  /** The depth of the tree of calls that merges this number of parts, which is 1 for one call. */
  public int levels(int shards) {
    int levels = 1;
    for (long reached = mostShards; reached < shards; reached *= mostShards) {
      levels++;
    }
    return levels;
  }
}

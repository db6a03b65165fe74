package dev.helix.laws.merge.cases;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.laws.reference.SoftmaxWeights;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The tokens of a {@link Needle} as one query sees them. There are {@link #KINDS} kinds of tokens,
 * and all tokens of a kind have the same score and the same value. The last kind is the needle
 * alone, and the others are thirds of the positions.
 *
 * @param needle the number of tokens, and the shards that hold them
 * @param position of the needle
 * @param offset added to all scores, in nats
 * @param values of the kinds, {@code [KINDS][dim]}
 * @param seed seed from which position, offset and values are drawn
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes it, and nobody compares two.
public record Haystack(Needle needle, long position, double offset, double[][] values, long seed) {
  public static final int KINDS = 4;

  /** Relative to the offset; all are exact in binary, so that no score is rounded. */
  private static final double[] SCORES = {0, 1.5, -2.25};

  /** Draws the needle's position, the offset and the values. */
  static Haystack of(Needle needle, int dim, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[KINDS][];
    for (int kind = 0; kind < KINDS; kind++) {
      values[kind] = random.ints(dim, -16, 17).mapToDouble(eighths -> eighths / 8.0).toArray();
    }
    double offset = new double[] {0, -20.5, 60}[random.nextInt(3)];
    return new Haystack(needle, random.nextLong(needle.tokens()), offset, values, seed);
  }

  /** Draws the tokens again whose states a case of {@link HardCase#NEEDLE} has. */
  public static Haystack of(MergeCase given) {
    return of(Needle.of(given), given.dim(), given.seed());
  }

  /**
   * The partial states of all shards, computed in doubles. Their merge is known in 50 digits, and
   * differs from the closed form by the few roundings of these doubles.
   */
  MergeCase states() {
    int dim = values[0].length;
    double[] outputs = new double[needle.shards() * dim];
    double[] lses = new double[needle.shards()];
    for (int shard = 0; shard < lses.length; shard++) {
      long[] counts = counts(shard);
      double[] output = new double[dim];
      double sum = 0;
      for (int kind = 0; kind < KINDS; kind++) {
        double weight = counts[kind] * StrictMath.exp(score(kind) - offset);
        sum += weight;
        for (int i = 0; i < dim; i++) {
          output[i] += weight * values[kind][i];
        }
      }
      lses[shard] = offset + StrictMath.log(sum);
      for (int i = 0; i < dim; i++) {
        // NaN where there are no tokens.
        outputs[shard * dim + i] = output[i] / sum;
      }
    }
    int[] shape = {lses.length, 1, 1, dim};
    return new MergeCase(shape, outputs, lses, EnumSet.of(HardCase.NEEDLE), seed);
  }

  /**
   * The attention of all tokens: Σⱼ nⱼ·exp(sⱼ)·vⱼ / Σⱼ nⱼ·exp(sⱼ) and ln Σⱼ nⱼ·exp(sⱼ) over the
   * kinds.
   */
  public MergeReference attention(Convention convention) {
    List<BigDecimal> nats = new ArrayList<>();
    long[] counts = counts();
    for (int kind = 0; kind < KINDS; kind++) {
      BigDecimal count = BigDecimal.valueOf(counts[kind]);
      nats.add(new BigDecimal(score(kind)).add(FiftyDigits.log(count)));
    }
    return MergeReference.ofParts(convention, SoftmaxWeights.of(nats), List.of(values), 1);
  }

  /** The score of a kind's tokens, in nats. */
  private double score(int kind) {
    return offset
        + (isNeedle(kind) ? Math.rint(4 * Math.log((double) needle.tokens())) / 4 : SCORES[kind]);
  }

  /** How many tokens of each kind a shard holds. */
  long[] counts(int shard) {
    long own = needle.count(shard, position, position + 1);
    return IntStream.range(0, KINDS)
        .mapToLong(
            kind ->
                isNeedle(kind)
                    ? own
                    : needle.count(shard, from(kind), from(kind + 1)) - (has(kind) ? own : 0))
        .toArray();
  }

  /** How many tokens of each kind there are. */
  long[] counts() {
    return IntStream.range(0, KINDS)
        .mapToLong(kind -> isNeedle(kind) ? 1 : from(kind + 1) - from(kind) - (has(kind) ? 1 : 0))
        .toArray();
  }

  private static boolean isNeedle(int kind) {
    return kind == KINDS - 1;
  }

  /** Whether the needle has taken the place of a token of this kind. */
  private boolean has(int kind) {
    return from(kind) <= position && position < from(kind + 1);
  }

  /** Thirds of the positions. */
  private long from(int kind) {
    return needle.tokens() * kind / (KINDS - 1);
  }
}

package dev.helix.laws.merge.cases;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.laws.reference.SoftmaxWeights;
import dev.helix.laws.tokens.Haystack;
import dev.helix.laws.tokens.Needle;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The partial states of the shards of a {@link Needle}, for one query token and one head. All
 * tokens of a kind have the same score and the same value.
 *
 * @param tokens the kind of each token
 * @param offset added to all scores, in nats
 * @param values of the kinds, {@code [KINDS][dim]}
 * @param seed seed from which position, offset and values are drawn
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes it, and nobody compares two.
public record NeedleStates(Haystack tokens, double offset, double[][] values, long seed) {

  /** Relative to the offset; all are exact in binary, so that no score is rounded. */
  private static final double[] SCORES = {0, 1.5, -2.25};

  /** A case of a needle. */
  static MergeCase draw(Needle needle, SplittableRandom random) {
    long seed = needle.marked(random.nextLong() >>> 1);
    return of(needle, 1 + random.nextInt(3), seed).states();
  }

  /** Draws again the states from which a case of {@link HardCase#NEEDLE} is made. */
  public static NeedleStates of(MergeCase given) {
    return of(Needle.of(given.shards(), given.seed()), given.dim(), given.seed());
  }

  private static NeedleStates of(Needle needle, int dim, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[Haystack.KINDS][];
    for (int kind = 0; kind < values.length; kind++) {
      values[kind] = random.ints(dim, -16, 17).mapToDouble(eighths -> eighths / 8.0).toArray();
    }
    double offset = new double[] {0, -20.5, 60}[random.nextInt(3)];
    Haystack tokens = new Haystack(needle, random.nextLong(needle.tokens()));
    return new NeedleStates(tokens, offset, values, seed);
  }

  /**
   * The partial states of all shards, computed in doubles. Their merge is known in 50 digits, and
   * differs from the closed form by the few roundings of these doubles.
   */
  MergeCase states() {
    Needle needle = tokens.needle();
    int dim = values[0].length;
    double[] outputs = new double[needle.shards() * dim];
    double[] lses = new double[needle.shards()];
    for (int shard = 0; shard < lses.length; shard++) {
      long[] counts = tokens.counts(shard, needle.tokens());
      double[] output = new double[dim];
      double sum = 0;
      for (int kind = 0; kind < values.length; kind++) {
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
    long[] counts = tokens.counts(tokens.needle().tokens());
    for (int kind = 0; kind < counts.length; kind++) {
      BigDecimal count = BigDecimal.valueOf(counts[kind]);
      nats.add(new BigDecimal(score(kind)).add(FiftyDigits.log(count)));
    }
    return MergeReference.ofParts(convention, SoftmaxWeights.of(nats), List.of(values), 1);
  }

  /** The score of a kind's tokens, in nats; that of the needle is about the logarithm of all. */
  private double score(int kind) {
    double tokensInAll = (double) tokens.needle().tokens();
    return offset
        + (Haystack.isNeedle(kind) ? Math.rint(4 * Math.log(tokensInAll)) / 4 : SCORES[kind]);
  }
}

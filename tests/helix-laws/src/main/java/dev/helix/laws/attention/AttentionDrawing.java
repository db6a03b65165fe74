package dev.helix.laws.attention;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.tokens.TokenOwners;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Draws cases of partial attention. It has a source of randomness, the grid of an implementation's
 * formats, and the features of the implementation.
 */
final class AttentionDrawing {
  private static final double[] POISONS = {Double.NaN, Double.POSITIVE_INFINITY, 1e38, 0.5};

  private final SplittableRandom random;
  private final Precision precision;
  private final Set<AttentionFeature> features;

  AttentionDrawing(SplittableRandom random, Precision precision, Set<AttentionFeature> features) {
    this.random = random;
    this.precision = precision;
    this.features = Set.copyOf(features);
  }

  /** A random integer from 0 to one less than {@code bound}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  int from(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  int oneOf(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  boolean maybe() {
    return random.nextBoolean();
  }

  /**
   * Decides whether to ask for a feature. One that the implementation has is asked for once in
   * {@code times} on average.
   */
  boolean asks(AttentionFeature feature, int times) {
    return can(feature) && random.nextInt(times) == 0;
  }

  boolean can(AttentionFeature feature) {
    return features.contains(feature);
  }

  Set<AttentionFeature> features() {
    return features;
  }

  /** A random number from −width to width, not rounded. */
  double spread(double width) {
    return (2 * random.nextDouble() - 1) * width;
  }

  double[] numbers(int count, double width) {
    DType format = precision.output();
    return filled(count, i -> format.round(spread(width)));
  }

  /** Numbers rounded to the grid of log-sum-exps, on which sinks and slopes are given. */
  double[] onScoreGrid(int count, IntToDoubleFunction each) {
    return filled(count, i -> precision.lse().round(each.applyAsDouble(i)));
  }

  double[] onGrid(int count, IntToDoubleFunction each) {
    return filled(count, i -> precision.output().round(each.applyAsDouble(i)));
  }

  private static double[] filled(int count, IntToDoubleFunction each) {
    return IntStream.range(0, count).mapToDouble(each).toArray();
  }

  /** Deals so many tokens to each shard, in random order. */
  TokenOwners shuffled(int... tokensOfShards) {
    int[] owners =
        IntStream.range(0, tokensOfShards.length)
            .flatMap(shard -> IntStream.generate(() -> shard).limit(tokensOfShards[shard]))
            .toArray();
    for (int i = owners.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int owner = owners[i];
      owners[i] = owners[j];
      owners[j] = owner;
    }
    return TokenOwners.oneByOne(tokensOfShards.length, owners);
  }

  /** Draws queries, keys and values at random. The scale of scores is 1/√keyDim. */
  AttentionDraft drawn(
      int tokens, int[] heads, int keyDim, int valueDim, TokenOwners owners, double width) {
    boolean separate = can(AttentionFeature.SEPARATE_VALUES);
    int possible = separate ? valueDim : Math.min(valueDim, keyDim);
    AttentionDraft draft =
        new AttentionDraft(
            features,
            tokens,
            heads[0],
            heads[1],
            keyDim,
            can(AttentionFeature.VALUE_WIDTH) ? possible : keyDim,
            owners);
    draft.queries = numbers(draft.queries.length, width);
    draft.keys = numbers(draft.keys.length, width);
    draft.values = numbers(draft.values.length, 2);
    draft.valuesInKeys = !separate;
    draft.scale = precision.output().round(1 / Math.sqrt(keyDim));
    return draft;
  }

  /**
   * Draws numbers such that token j has the score {@code score(j)}, up to the rounding of a key to
   * its grid. Only one component of a query is not 0, and queries and scale are powers of two. So a
   * score is exact in every order of summation, and its bound is that of its own size.
   */
  AttentionDraft scored(int tokens, int[] heads, TokenOwners owners, IntToDoubleFunction score) {
    int keyDim = from(1, 3);
    boolean separate = can(AttentionFeature.SEPARATE_VALUES);
    boolean anyWidth = !separate || can(AttentionFeature.VALUE_WIDTH);
    int valueDim = anyWidth ? from(1, 3) : keyDim;
    AttentionDraft draft =
        new AttentionDraft(features, tokens, heads[0], heads[1], keyDim, valueDim, owners);
    int counting = below(keyDim);
    double query = maybe() ? 4 : 32;
    draft.scale = maybe() ? 1 : 0.5;
    draft.queries = onGrid(draft.queries.length, i -> i % keyDim == counting ? query : 0);
    draft.keys =
        onGrid(
            draft.keys.length,
            i ->
                i % keyDim == counting
                    ? score.applyAsDouble(i / keyDim / heads[1]) / (query * draft.scale)
                    : spread(2));
    draft.values = numbers(draft.values.length, 2);
    return draft;
  }

  /**
   * Draws scores that have only a few levels; each token has one of them for each KV head. So all
   * tokens carry weight, neighbours mostly differ, and the reference of a long case is quickly
   * computed.
   */
  AttentionDraft levelled(int tokens, int[] heads, TokenOwners owners) {
    AttentionDraft draft = scored(tokens, heads, owners, j -> 0);
    int keyDim = draft.keyDim;
    int counting = below(keyDim);
    draft.scale = 1;
    // Seven queries follow each other, a number that divides no tile.
    draft.queries =
        onGrid(draft.queries.length, i -> i % keyDim == counting ? 4 + i / keyDim % 7 * 0.25 : 0);
    draft.keys =
        onGrid(draft.keys.length, i -> i % keyDim == counting ? -below(8) / 32.0 : spread(2));
    return draft;
  }

  /** Completes a case with random padding and with a seed for the choices of laws. */
  AttentionCase done(AttentionDraft draft) {
    if (!can(AttentionFeature.SEPARATE_VALUES) && !draft.valuesInKeys) {
      draft.setValuesBeforeKeys();
    }
    draft.padding = draft.padding == 0 ? below(3) : draft.padding;
    draft.poison = precision.output().round(POISONS[below(POISONS.length)]);
    draft.seed = random.nextLong() >>> 1;
    return draft.done();
  }

  /** Completes a case that is one of the documented hard cases. */
  AttentionCase done(AttentionDraft draft, AttentionHardCase hard) {
    draft.hard = EnumSet.of(hard);
    return done(draft);
  }
}

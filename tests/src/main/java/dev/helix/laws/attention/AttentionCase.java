package dev.helix.laws.attention;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.Precision;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * One request of partial attention and how its tokens are dealt to shards, on the grid of an
 * implementation's formats. Immutable.
 */
public final class AttentionCase {
  private static final int[][] HEADS = {
    {1, 1}, {4, 1}, {4, 2}, {8, 2}, {6, 3}, {12, 1}, {28, 7}, {32, 2}
  };

  /** One shard that has everything. */
  private static final Optional<KvPlacement> ALL = Optional.of(new RoundRobinPlacement(1, 1));

  private final int tokens;
  private final int[] heads;
  private final int keyDim;
  private final int valueDim;
  private final int context;
  private final int shards;
  private final int[] owners;
  private final double[] queries;
  private final double[] keys;
  private final double[] values;
  private final double[] sinks;
  private final double[] alibiSlopes;
  private final Optional<KvPlacement> placement;
  private final double scale;
  private final double softCap;
  private final int window;
  private final double keyScale;
  private final double valueScale;
  private final long seed;

  /** A case of these features only. */
  AttentionCase(SplittableRandom random, Precision precision, Set<AttentionFeature> features) {
    seed = random.nextLong() >>> 1;
    heads = HEADS[random.nextInt(random.nextInt(3) == 0 ? HEADS.length : 5)];
    boolean many = heads[0] > 8;
    tokens = 1 + random.nextInt(many ? 2 : 4);
    keyDim = 1 + random.nextInt(many ? 2 : 7);
    valueDim =
        features.contains(AttentionFeature.VALUE_WIDTH) ? 1 + random.nextInt(many ? 2 : 7) : keyDim;
    context = tokens - 1 + random.nextInt(many ? 4 : 12);
    shards = 1 + random.nextInt(4);
    int run = 1 + random.nextInt(3);
    boolean dealt = random.nextInt(3) > 0;
    owners =
        IntStream.range(0, context)
            .map(j -> dealt ? j / run % shards : random.nextInt(shards))
            .toArray();
    double spread = new double[] {0.5, 2, 12}[random.nextInt(3)];
    DType format = precision.output();
    queries = numbers(random, tokens * heads[0] * keyDim, x -> format.round(x * spread));
    keys = numbers(random, context * heads[1] * keyDim, x -> format.round(x * spread));
    values = numbers(random, context * heads[1] * valueDim, x -> format.round(2 * x));
    scale = format.round(1 / Math.sqrt(keyDim));
    softCap =
        features.contains(AttentionFeature.SOFT_CAP) && random.nextBoolean()
            ? 2 + 6 * random.nextInt(5)
            : 0;
    window =
        features.contains(AttentionFeature.WINDOW) && random.nextInt(3) == 0
            ? 1 + random.nextInt(4)
            : 0;
    boolean sink = features.contains(AttentionFeature.SINK) && random.nextInt(3) == 0;
    sinks = numbers(random, sink ? heads[0] : 0, x -> precision.lse().round(3 * x));
    boolean scaled =
        features.contains(AttentionFeature.QUANTISATION_SCALES) && random.nextBoolean();
    keyScale = scaled ? 0.25 : 1;
    valueScale = scaled ? 4 : 1;
    placement = dealt ? Optional.of(new RoundRobinPlacement(shards, run)) : Optional.empty();
    boolean alibi = features.contains(AttentionFeature.ALIBI) && dealt && random.nextInt(3) == 0;
    alibiSlopes = numbers(random, alibi ? heads[0] : 0, x -> precision.lse().round(Math.abs(x)));
  }

  private static double[] numbers(SplittableRandom random, int count, DoubleUnaryOperator change) {
    return IntStream.range(0, count)
        .mapToDouble(i -> change.applyAsDouble(2 * random.nextDouble() - 1))
        .toArray();
  }

  int tokens() {
    return tokens;
  }

  int heads() {
    return heads[0];
  }

  int kvHeads() {
    return heads[1];
  }

  int keyDim() {
    return keyDim;
  }

  int valueDim() {
    return valueDim;
  }

  int shards() {
    return shards;
  }

  double[] queries() {
    return queries;
  }

  double[] sinks() {
    return sinks;
  }

  double[] alibiSlopes() {
    return alibiSlopes;
  }

  double scale() {
    return scale;
  }

  double softCap() {
    return softCap;
  }

  int window() {
    return window;
  }

  double keyScale() {
    return keyScale;
  }

  double valueScale() {
    return valueScale;
  }

  long seed() {
    return seed;
  }

  /** The last positions of the context; the first of several may have nothing before them. */
  int[] queryPositions() {
    return IntStream.range(context - tokens, context).map(p -> Math.max(p, 0)).toArray();
  }

  /** All tokens, in one shard without padding. */
  AttentionInput whole() {
    return new AttentionInput(
        this, IntStream.range(0, context).toArray(), keys, values, true, ALL, 0);
  }

  /** No tokens: padding alone. */
  AttentionInput nothing(double poison) {
    return shard(-1, poison);
  }

  /**
   * One shard's tokens, with padding behind them.
   *
   * @param poison what padding slots hold
   */
  AttentionInput shard(int shard, double poison) {
    int[] own = IntStream.range(0, context).filter(j -> owners[j] == shard).toArray();
    int padding = (int) (seed % 3) + (own.length == 0 ? 1 : 0);
    int[] positions = Arrays.copyOf(own, own.length + padding);
    Arrays.fill(positions, own.length, positions.length, -1);
    return new AttentionInput(
        this,
        positions,
        gathered(keys, own, positions.length, keyDim, poison),
        gathered(values, own, positions.length, valueDim, poison),
        shard == 0,
        placement,
        Math.max(0, shard));
  }

  private double[] gathered(double[] all, int[] own, int slots, int dim, double poison) {
    int width = heads[1] * dim;
    double[] some = new double[slots * width];
    Arrays.fill(some, poison);
    for (int slot = 0; slot < own.length; slot++) {
      System.arraycopy(all, own[slot] * width, some, slot * width, width);
    }
    return some;
  }

  /** All tokens with values of one vector, {@code [valueDim]}. */
  AttentionInput constant(double[] value) {
    double[] same = new double[values.length];
    Arrays.setAll(same, i -> value[i % valueDim]);
    return new AttentionInput(
        this, IntStream.range(0, context).toArray(), keys, same, false, ALL, 0);
  }

  @Override
  public String toString() {
    return "%d query tokens, %d heads on %d KV heads, keys of %d, values of %d, context %d on %d shards, scale %s, soft cap %s, window %d, sinks %s, ALiBi slopes %s, key scale %s, value scale %s, choices %d"
        .formatted(
            tokens,
            heads[0],
            heads[1],
            keyDim,
            valueDim,
            context,
            shards,
            scale,
            softCap,
            window,
            Arrays.toString(sinks),
            Arrays.toString(alibiSlopes),
            keyScale,
            valueScale,
            seed);
  }
}

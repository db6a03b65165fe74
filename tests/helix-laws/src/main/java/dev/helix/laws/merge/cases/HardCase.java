package dev.helix.laws.merge.cases;

import dev.helix.laws.tokens.Needle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * The inputs of a merge that have broken shipped ones. Half of all drawn cases are one of these.
 */
public enum HardCase {
  ONE_SHARD,
  EVERY_SHARD_EMPTY,
  EMPTY_SHARDS_WITH_NAN,
  EMPTY_SHARDS_WITH_INFINITY,
  EMPTY_SHARDS_WITH_1E38,
  AN_EMPTY_REQUEST_IN_THE_BATCH,
  GAP_20,
  GAP_88,
  GAP_104,
  GAP_709,
  GAP_746,
  ALL_MINUS_1E5,
  ONE_LIVES_BELOW_MINUS_1E5,
  MIXED_1E4,
  MASS_48_TO_1,
  MASS_1E6_TO_1,
  CANCELLING_VALUES,
  ONE_OF_133_LIVES,
  ONE_OF_256_LIVES,
  MANY_EQUAL_SHARDS,
  EQUAL_AXES,
  ODD_WIDTH_7,
  ZEROS_AND_SUBNORMALS,
  UNEQUAL_SHARDS,
  NEARLY_EQUAL,
  WIDTHS_8_64_128,
  WIDTH_129,
  ROWS_17,
  ROWS_65,
  /**
   * LSEs of ±80 to ±88, where their exponentials are finite and normal in FP32, but no longer times
   * outputs of 2e4, or of 1e-9. A merge that takes off no maximum "where it is small" fails here.
   */
  EXP_NEAR_OVERFLOW_88,
  /** The same in FP64: LSEs of ±700 to ±709. */
  EXP_NEAR_OVERFLOW_709,
  /** The same on many shards. */
  EXP_NEAR_OVERFLOW_ON_24_SHARDS,
  /** A shard that double precision sees, and single precision does not. */
  GAP_25_TO_33,
  /** LSEs that differ in their last digits, by 1e-12 to 1e-7, and outputs of opposite sign. */
  LAST_DIGITS,
  /** An edge of a tile. A suite tries every one of {@link TileEdge#all}. */
  TILE_EDGE,
  /**
   * 4,096 rows of three shards, in whose mean the error of a weight is seen that is smaller than
   * the rounding of an output. A suite tries one, under the law of weights alone.
   */
  MANY_ROWS,
  /**
   * A needle in a million tokens. A suite tries every one of {@link Needle#all} under a law of its
   * own.
   */
  NEEDLE;

  private static final double NONE = Double.NEGATIVE_INFINITY;

  /**
   * Greatest LSEs of rows: each is drawn between a number and the next. All of them are finite in
   * the format, but not times 2.2e4: its largest number is e^88.72 or e^709.78.
   */
  private static final double[] FP32_TOPS = {79.8, 80, 88.6};

  private static final double[] FP64_TOPS = {699.9, 700, 709.6};

  /** The kinds of cases on which every law may be tried. */
  public static List<HardCase> forAnyLaw() {
    return List.copyOf(EnumSet.complementOf(EnumSet.of(NEEDLE, MANY_ROWS)));
  }

  /** Draws a case of this kind. */
  MergeCase make(SplittableRandom random) {
    int tokens = 1 + random.nextInt(2);
    int heads = 1 + random.nextInt(2);
    int dim = 1 + random.nextInt(3);
    int shards = 2 + random.nextInt(4);
    return switch (this) {
      case ONE_SHARD -> shaped(random, 1, tokens, heads, dim, i -> spread(random, 3));
      case EVERY_SHARD_EMPTY ->
          poisoned(shaped(random, shards, tokens, heads, dim, i -> NONE), Double.NaN);
      case EMPTY_SHARDS_WITH_NAN -> someEmpty(random, shards, tokens, heads, dim, Double.NaN);
      case EMPTY_SHARDS_WITH_INFINITY ->
          someEmpty(random, shards, tokens, heads, dim, Double.POSITIVE_INFINITY);
      case EMPTY_SHARDS_WITH_1E38 -> someEmpty(random, shards, tokens, heads, dim, 1e38);
      case AN_EMPTY_REQUEST_IN_THE_BATCH ->
          poisoned(
              shaped(
                  random,
                  shards,
                  3,
                  heads,
                  dim,
                  i -> i / heads % 3 == 1 ? NONE : spread(random, 3)),
              Double.NaN);
      case GAP_20 -> gap(random, shards, tokens, heads, dim, 20);
      case GAP_88 -> gap(random, shards, tokens, heads, dim, 88.5);
      case GAP_104 -> gap(random, shards, tokens, heads, dim, 104);
      case GAP_709 -> gap(random, shards, tokens, heads, dim, 709.9);
      case GAP_746 -> gap(random, shards, tokens, heads, dim, 746);
      case ALL_MINUS_1E5 ->
          shaped(random, shards, tokens, heads, dim, i -> -1e5 + spread(random, 4));
      case ONE_LIVES_BELOW_MINUS_1E5 -> {
        int rows = tokens * heads;
        int living = random.nextInt(shards);
        yield poisoned(
            shaped(
                random,
                shards,
                tokens,
                heads,
                dim,
                i -> i / rows == living ? -2e5 - spread(random, 5e4) : NONE),
            Double.NaN);
      }
      case MIXED_1E4 ->
          shaped(random, shards, tokens, heads, dim, i -> random.nextBoolean() ? 1e4 : -1e4);
      case MASS_48_TO_1 -> masses(random, shards, tokens, heads, dim, 48);
      case MASS_1E6_TO_1 -> masses(random, shards, tokens, heads, dim, 1e6);
      case CANCELLING_VALUES -> cancelling(random, tokens, heads, dim);
      case ONE_OF_133_LIVES -> oneLives(random, 133, heads, dim);
      case ONE_OF_256_LIVES -> oneLives(random, 256, heads, dim);
      case MANY_EQUAL_SHARDS -> shaped(random, 64, 1, heads, dim, i -> -2.5);
      case EQUAL_AXES -> shaped(random, 3, 3, 3, 3, i -> spread(random, 4));
      case ODD_WIDTH_7 -> shaped(random, shards, tokens, heads, 7, i -> spread(random, 4));
      case ZEROS_AND_SUBNORMALS -> subnormal(random, shards, tokens, heads);
      case UNEQUAL_SHARDS ->
          shaped(random, shards, tokens, heads, dim, i -> spread(random, 1 + random.nextInt(40)));
      case NEARLY_EQUAL -> nearlyEqual(random, 1 + shards, tokens, heads, dim);
      case WIDTHS_8_64_128 ->
          shaped(
              random,
              2,
              1,
              heads,
              new int[] {8, 64, 128}[random.nextInt(3)],
              i -> spread(random, 4));
      case WIDTH_129 -> shaped(random, 2, 1, 1, 129, i -> spread(random, 4));
      case ROWS_17 -> shaped(random, shards, 17, 1, dim, i -> spread(random, 4));
      case ROWS_65 -> shaped(random, 2, 13, 5, 1, i -> spread(random, 4));
      case EXP_NEAR_OVERFLOW_88 -> nearOverflow(random, 2 + random.nextInt(3), FP32_TOPS);
      case EXP_NEAR_OVERFLOW_709 -> nearOverflow(random, 2 + random.nextInt(3), FP64_TOPS);
      case EXP_NEAR_OVERFLOW_ON_24_SHARDS ->
          nearOverflow(random, 24, random.nextBoolean() ? FP32_TOPS : FP64_TOPS);
      case GAP_25_TO_33 -> seenInDouble(random);
      case LAST_DIGITS -> lastDigits(random);
      case TILE_EDGE -> TileEdge.all().get(random.nextInt(TileEdge.all().size())).make(random);
      case MANY_ROWS -> manyRows(random);
      case NEEDLE ->
          NeedleStates.draw(Needle.all().get(random.nextInt(Needle.all().size())), random);
    };
  }

  private MergeCase shaped(
      SplittableRandom random,
      int shards,
      int tokens,
      int heads,
      int dim,
      IntToDoubleFunction lse) {
    double[] lses = new double[shards * tokens * heads];
    double[] outputs = new double[lses.length * dim];
    for (int i = 0; i < lses.length; i++) {
      lses[i] = lse.applyAsDouble(i);
    }
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = spread(random, 2);
    }
    int[] shape = {shards, tokens, heads, dim};
    return new MergeCase(shape, outputs, lses, EnumSet.of(this), random.nextLong() >>> 1);
  }

  /** Outputs of either sign and of magnitudes from 1 to 2, so that weights move merged outputs. */
  private MergeCase manyRows(SplittableRandom random) {
    MergeCase given = shaped(random, 3, 64, 64, 1, i -> spread(random, 1.5));
    double[] outputs = given.outputs().clone();
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Math.copySign(1 + random.nextDouble(), outputs[i]);
    }
    int[] shape = {3, 64, 64, 1};
    return new MergeCase(shape, outputs, given.lses(), given.hard(), given.seed());
  }

  private MergeCase poisoned(MergeCase given, double payload) {
    double[] outputs = given.outputs().clone();
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = given.lses()[i / given.dim()] == NONE ? payload : outputs[i];
    }
    int[] shape = {given.shards(), given.tokens(), given.heads(), given.dim()};
    return new MergeCase(shape, outputs, given.lses(), EnumSet.of(this), given.seed());
  }

  private MergeCase someEmpty(
      SplittableRandom random, int shards, int tokens, int heads, int dim, double payload) {
    int living = random.nextInt(shards);
    int rows = tokens * heads;
    return poisoned(
        shaped(
            random,
            shards,
            tokens,
            heads,
            dim,
            i -> i / rows != living && random.nextInt(3) > 0 ? NONE : spread(random, 3)),
        payload);
  }

  /** Every other shard is lower than the rest by the gap, and the rest are not equal. */
  private MergeCase gap(
      SplittableRandom random, int shards, int tokens, int heads, int dim, double gap) {
    double top = random.nextBoolean() ? 0 : gap;
    int rows = tokens * heads;
    boolean rising = random.nextBoolean();
    return shaped(
        random,
        shards,
        tokens,
        heads,
        dim,
        i -> (i / rows % 2 == 0) == rising ? top - gap : top - spread(random, 1));
  }

  /** Each shard is above the one before it by a gap of its own, from 1e-7 to 1e-2. */
  private MergeCase nearlyEqual(
      SplittableRandom random, int shards, int tokens, int heads, int dim) {
    int rows = tokens * heads;
    double[] sums = new double[rows];
    Arrays.setAll(sums, row -> spread(random, 1));
    return shaped(
        random,
        shards,
        tokens,
        heads,
        dim,
        i -> sums[i % rows] += StrictMath.pow(10, -7 + 5 * random.nextDouble()));
  }

  /**
   * One shard of each row has the greatest LSE and an output of 2.2e4 to 2.5e4; those of the others
   * are so small that no sum or difference of doubled outputs is beyond FP16. Rows of the second
   * token have the negative LSEs and outputs of about 1e-9.
   */
  private MergeCase nearOverflow(SplittableRandom random, int shards, double[] tops) {
    int heads = tops.length - 1;
    int rows = 2 * heads;
    int[] greatest = random.ints(rows, 0, shards).toArray();
    double below = shards > 8 ? 5 : 2;
    double[] lses = new double[shards * rows];
    double[] outputs = new double[lses.length];
    double[] top = new double[rows];
    Arrays.setAll(top, row -> random.nextDouble(tops[row % heads], tops[row % heads + 1]));
    for (int at = 0; at < lses.length; at++) {
      int row = at % rows;
      boolean negative = row >= heads;
      boolean first = at / rows == greatest[row];
      lses[at] = (negative ? -top[row] : top[row]) - (first ? 0 : below + 3 * random.nextDouble());
      double size = first ? 2.2e4 + 3e3 * random.nextDouble() : 5e3 * random.nextDouble();
      outputs[at] = (random.nextBoolean() ? 1 : -1) * (negative ? 1e-13 * size : size);
    }
    int[] shape = {shards, 2, heads, 1};
    return new MergeCase(shape, outputs, lses, EnumSet.of(this), random.nextLong() >>> 1);
  }

  /** One shard of each row is 25 to 33 nats below one or two others, whose outputs are small. */
  private MergeCase seenInDouble(SplittableRandom random) {
    int shards = 2 + random.nextInt(2);
    int rows = 4;
    int light = random.nextInt(shards);
    double[] lses = new double[shards * rows];
    double[] outputs = new double[lses.length];
    for (int at = 0; at < lses.length; at++) {
      boolean isLight = at / rows == light;
      lses[at] = isLight ? -25 - 2 * (at % rows + random.nextDouble()) : spread(random, 0.1);
      double size = 1 + random.nextDouble();
      outputs[at] = (random.nextBoolean() ? 1 : -1) * (isLight ? size : size / 128);
    }
    int[] shape = {shards, 2, 2, 1};
    return new MergeCase(shape, outputs, lses, EnumSet.of(this), random.nextLong() >>> 1);
  }

  /** Every other shard is above the rest by 1e-7 in the first row, and by 1e-12 in the last. */
  private MergeCase lastDigits(SplittableRandom random) {
    int shards = 2 + random.nextInt(3);
    int rows = 6;
    double[] lses = new double[shards * rows];
    double[] outputs = new double[lses.length];
    double[] base = random.doubles(rows, -1, 1).toArray();
    for (int at = 0; at < lses.length; at++) {
      double sign = at / rows % 2 == 0 ? 1 : -1;
      double apart = StrictMath.pow(10, -7 - at % rows);
      lses[at] = base[at % rows] + sign * apart * (0.25 + random.nextDouble() / 4);
      outputs[at] = sign * (1 + random.nextDouble());
    }
    int[] shape = {shards, 3, 2, 1};
    return new MergeCase(shape, outputs, lses, EnumSet.of(this), random.nextLong() >>> 1);
  }

  private MergeCase masses(
      SplittableRandom random, int shards, int tokens, int heads, int dim, double ratio) {
    int rows = tokens * heads;
    int heavy = random.nextInt(shards);
    return shaped(
        random, shards, tokens, heads, dim, i -> i / rows == heavy ? StrictMath.log(ratio) : 0);
  }

  private MergeCase cancelling(SplittableRandom random, int tokens, int heads, int dim) {
    MergeCase given = shaped(random, 4, tokens, heads, dim, i -> -1.5);
    double[] outputs = given.outputs().clone();
    int shard = outputs.length / 4;
    for (int i = 0; i < shard; i++) {
      outputs[i] = 1e4;
      outputs[2 * shard + i] = -1e4;
    }
    int[] shape = {4, tokens, heads, dim};
    return new MergeCase(shape, outputs, given.lses(), given.hard(), given.seed());
  }

  private MergeCase oneLives(SplittableRandom random, int shards, int heads, int dim) {
    int living = random.nextInt(shards);
    return poisoned(
        shaped(random, shards, 1, heads, dim, i -> i / heads == living ? spread(random, 5) : NONE),
        Double.NaN);
  }

  private MergeCase subnormal(SplittableRandom random, int shards, int tokens, int heads) {
    MergeCase given = shaped(random, shards, tokens, heads, 4, i -> spread(random, 3));
    double[] outputs = given.outputs().clone();
    double[] small = {0.0, -0.0, 3 * Double.MIN_VALUE, 1e-40};
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = small[i % 4] * (random.nextBoolean() ? 1 : -1);
    }
    int[] shape = {shards, tokens, heads, 4};
    return new MergeCase(shape, outputs, given.lses(), given.hard(), given.seed());
  }

  private static double spread(SplittableRandom random, double width) {
    return (2 * random.nextDouble() - 1) * width;
  }
}

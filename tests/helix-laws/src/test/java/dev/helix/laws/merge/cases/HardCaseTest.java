package dev.helix.laws.merge.cases;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hard case is what its name says: by its numbers, not by its label. */
class HardCaseTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  @ParameterizedTest
  @EnumSource
  void aHardCaseIsWhatItsNameSays(HardCase hard) {
    SplittableRandom random = new SplittableRandom(1);
    boolean seen = false;
    for (int i = 0; i < 40; i++) {
      MergeCase given = hard.make(random);
      assertTrue(is(hard, given) || mayMiss(hard), () -> hard + ": " + given);
      seen |= is(hard, given);
    }
    assertTrue(seen, () -> "never seen: " + hard);
  }

  /** Which shards are empty, and which sign a number has, is drawn: now and then none is so. */
  private static boolean mayMiss(HardCase hard) {
    return switch (hard) {
      case EMPTY_SHARDS_WITH_NAN,
          EMPTY_SHARDS_WITH_INFINITY,
          EMPTY_SHARDS_WITH_1E38,
          MIXED_1E4,
          ZEROS_AND_SUBNORMALS ->
          true;
      default -> false;
    };
  }

  private static boolean is(HardCase hard, MergeCase given) {
    double[] lses = given.lses();
    return switch (hard) {
      case ONE_SHARD -> given.shards() == 1;
      case EVERY_SHARD_EMPTY -> allLses(given, x -> x == NONE) && payload(given, Double::isNaN);
      case EMPTY_SHARDS_WITH_NAN -> someEmpty(given) && payload(given, Double::isNaN);
      case EMPTY_SHARDS_WITH_INFINITY -> someEmpty(given) && payload(given, Double::isInfinite);
      case EMPTY_SHARDS_WITH_1E38 -> someEmpty(given) && payload(given, x -> x == 1e38);
      case AN_EMPTY_REQUEST_IN_THE_BATCH ->
          given.tokens() == 3 && emptyToken(given, 1) && !emptyToken(given, 0);
      case GAP_20 -> gap(given, 19, 21);
      case GAP_88 -> gap(given, 87.5, 89.5);
      case GAP_104 -> gap(given, 103, 105);
      case GAP_709 -> gap(given, 708.9, 710.9);
      case GAP_746 -> gap(given, 745, 747);
      case ALL_MINUS_1E5 -> allLses(given, x -> Math.abs(x + 1e5) <= 4);
      case ONE_LIVES_BELOW_MINUS_1E5 ->
          allLses(given, x -> x < -1.4e5)
              && Arrays.stream(lses).filter(x -> x != NONE).count()
                  == (long) given.tokens() * given.heads();
      case MIXED_1E4 ->
          allLses(given, x -> Math.abs(x) == 1e4) && Arrays.stream(lses).distinct().count() == 2;
      case MASS_48_TO_1 -> gap(given, Math.log(47.999), Math.log(48.001));
      case MASS_1E6_TO_1 -> gap(given, Math.log(0.999e6), Math.log(1.001e6));
      case CANCELLING_VALUES ->
          Arrays.stream(given.outputs()).anyMatch(x -> x == 1e4)
              && Arrays.stream(given.outputs()).anyMatch(x -> x == -1e4)
              && allLses(given, x -> x == lses[0]);
      case ONE_OF_133_LIVES -> oneLives(given, 133);
      case ONE_OF_256_LIVES -> oneLives(given, 256);
      case MANY_EQUAL_SHARDS -> given.shards() == 64 && allLses(given, x -> x == lses[0]);
      case EQUAL_AXES ->
          given.shards() == given.tokens()
              && given.tokens() == given.heads()
              && given.heads() == given.dim();
      case ODD_WIDTH_7 -> given.dim() == 7;
      case ZEROS_AND_SUBNORMALS ->
          Arrays.stream(given.outputs()).anyMatch(x -> Double.doubleToRawLongBits(x) == 1L << 63)
              && Arrays.stream(given.outputs())
                  .anyMatch(x -> x != 0 && Math.abs(x) < Double.MIN_NORMAL);
      case UNEQUAL_SHARDS -> given.shards() > 1 && Arrays.stream(lses).distinct().count() > 1;
      case NEARLY_EQUAL -> given.shards() > 2 && gap(given, 1e-8, 0.1);
      case WIDTHS_8_64_128 -> IntStream.of(8, 64, 128).anyMatch(width -> given.dim() == width);
      case WIDTH_129 -> given.dim() == 129;
      case ROWS_17 -> given.tokens() * given.heads() == 17;
      case ROWS_65 -> given.tokens() * given.heads() == 65;
      case EXP_NEAR_OVERFLOW_88 -> given.shards() < 5 && nearOverflow(given, Float.MAX_VALUE);
      case EXP_NEAR_OVERFLOW_709 -> given.shards() < 5 && nearOverflow(given, Double.MAX_VALUE);
      case EXP_NEAR_OVERFLOW_ON_24_SHARDS ->
          given.shards() == 24
              && (nearOverflow(given, Float.MAX_VALUE) || nearOverflow(given, Double.MAX_VALUE));
      case GAP_25_TO_33 -> gap(given, 24.9, 33.1);
      case LAST_DIGITS ->
          gap(given, 4e-13, 1e-7)
              && Arrays.stream(given.outputs()).anyMatch(x -> x >= 1)
              && Arrays.stream(given.outputs()).anyMatch(x -> x <= -1);
      case TILE_EDGE ->
          TileEdge.all().stream()
              .anyMatch(edge -> TileEdgeTest.size(given, edge.axis()) == edge.size());
      case MANY_ROWS ->
          given.tokens() * given.heads() == 4096
              && allLses(given, x -> Math.abs(x) <= 1.5)
              && Arrays.stream(given.outputs()).allMatch(x -> Math.abs(x) >= 1);
      case NEEDLE ->
          IntStream.of(8, 64, 256).anyMatch(shards -> given.shards() == shards)
              && Arrays.stream(lses).filter(x -> x == NONE).count() == given.shards() / 8;
    };
  }

  private static boolean allLses(MergeCase given, DoublePredicate holds) {
    return Arrays.stream(given.lses()).allMatch(holds);
  }

  /**
   * Each exponential is finite, and the greatest of most rows times its output is not; and the same
   * of the reciprocals of small ones. Of FP16, no sum or difference of doubled outputs is infinite.
   */
  private static boolean nearOverflow(MergeCase given, double largest) {
    int rows = given.tokens() * given.heads();
    double limit = Math.log(largest);
    int over = 0;
    int under = 0;
    for (int at = 0; at < given.lses().length; at++) {
      double lse = given.lses()[at];
      double size = Math.log(Math.abs(given.outputs()[at]));
      if (lse > limit) {
        return false;
      }
      over += lse > 0 && lse + size > limit ? 1 : 0;
      under += lse < 0 && -lse < limit && -lse - size > limit ? 1 : 0;
    }
    double magnitudes = Arrays.stream(given.outputs()).map(Math::abs).max().orElseThrow();
    return over >= 2 && under >= 2 && rows == 4 && 2 * (magnitudes + 5e3) < 65504;
  }

  private static boolean someEmpty(MergeCase given) {
    return Arrays.stream(given.lses()).anyMatch(x -> x == NONE);
  }

  /** What empty shards hold. */
  private static boolean payload(MergeCase given, DoublePredicate holds) {
    return IntStream.range(0, given.outputs().length)
        .filter(i -> given.lses()[i / given.dim()] == NONE)
        .mapToDouble(i -> given.outputs()[i])
        .allMatch(holds);
  }

  private static boolean emptyToken(MergeCase given, int token) {
    return IntStream.range(0, given.lses().length)
        .filter(i -> i / given.heads() % given.tokens() == token)
        .allMatch(i -> given.lses()[i] == NONE);
  }

  /** In each row the widest gap is in a range. */
  private static boolean gap(MergeCase given, double least, double most) {
    int rows = given.tokens() * given.heads();
    return IntStream.range(0, rows)
        .allMatch(
            row -> {
              double[] of =
                  IntStream.range(0, given.shards())
                      .mapToDouble(shard -> given.lses()[shard * rows + row])
                      .sorted()
                      .toArray();
              double widest = of[of.length - 1] - of[0];
              return widest >= least && widest <= most;
            });
  }

  private static boolean oneLives(MergeCase given, int shards) {
    int rows = given.tokens() * given.heads();
    long living = Arrays.stream(given.lses()).filter(x -> x != NONE).count();
    return given.shards() == shards && living == rows && payload(given, Double::isNaN);
  }
}

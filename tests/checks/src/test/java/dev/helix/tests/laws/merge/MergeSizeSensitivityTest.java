package dev.helix.tests.laws.merge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Merges that are wrong from some size on, at sizes that no case has for an edge: they are found on
 * every seed, whatever is lost there.
 */
class MergeSizeSensitivityTest {
  private static final long SEEDS = Long.getLong("helix.museum.seeds", 1);

  /** Changes the log-sum-exps that a merge takes, {@code [shards, rows]}. */
  private interface Weights {
    void of(PartialStack in, double[] lses);
  }

  /** Changes what a merge gives. */
  private interface Damage {
    void to(PartialStack in, double[] outputs);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        weights("no shard from 40 on", (in, lses) -> drop(in, lses, 40, in.shards())),
        weights("no shard from 500 on", (in, lses) -> drop(in, lses, 500, in.shards())),
        weights("not shard 130", (in, lses) -> drop(in, lses, 130, 131)),
        weights(
            "not the last of more than 100 shards",
            (in, lses) -> drop(in, lses, in.shards() > 100 ? in.shards() - 1 : in.shards(), 999)),
        weights(
            "not the last of an odd number of more than 8 shards",
            (in, lses) ->
                drop(in, lses, odd(in.shards()) ? in.shards() - 1 : in.shards(), in.shards())),
        weights(
            "shards from 70 on with half their weight",
            (in, lses) -> {
              int rows = in.tokens() * in.heads();
              for (int at = 70 * rows; at < lses.length; at++) {
                lses[at] -= Math.log(2);
              }
            }),
        weights(
            "LSE of head 90 and later of head 26",
            (in, lses) -> {
              for (int at = 0; at < lses.length; at++) {
                int head = at % in.heads();
                lses[at] = head >= 90 ? lses[at - head + 26] : lses[at];
              }
            }),
        damage(
            "head 70 and later 0",
            (in, outputs) -> zero(outputs, at -> at / in.dim() % in.heads() >= 70)),
        damage(
            "token 300 and later 0",
            (in, outputs) -> zero(outputs, at -> at / in.dim() / in.heads() >= 300)),
        damage(
            "component 300 and later 0",
            (in, outputs) -> zero(outputs, at -> at % in.dim() >= 300)),
        damage(
            "the last of an odd number of tokens, at more than 20, 0",
            (in, outputs) ->
                zero(
                    outputs,
                    at ->
                        in.tokens() > 20
                            && odd(in.tokens())
                            && at / in.dim() / in.heads() == in.tokens() - 1)),
        weights(
            "not the last of exactly 72 shards",
            (in, lses) -> drop(in, lses, in.shards() == 72 ? 71 : in.shards(), in.shards())),
        weights(
            "not the last of exactly 12 shards",
            (in, lses) -> drop(in, lses, in.shards() == 12 ? 11 : in.shards(), in.shards())),
        damage(
            "0 for the last of exactly 8 heads",
            (in, outputs) ->
                zero(outputs, at -> in.heads() == 8 && at / in.dim() % in.heads() == 7)),
        damage(
            "0 for the last of exactly 24 heads",
            (in, outputs) ->
                zero(outputs, at -> in.heads() == 24 && at / in.dim() % in.heads() == 23)),
        damage(
            "0 for the last of exactly 16 components",
            (in, outputs) -> zero(outputs, at -> in.dim() == 16 && at % 16 == 15)),
        damage(
            "0 for the last of exactly 80 components",
            (in, outputs) -> zero(outputs, at -> in.dim() == 80 && at % 80 == 79)),
        damage(
            "0 for exactly 64 shards",
            (in, outputs) -> zero(outputs, at -> in.shards() == 64 && in.dim() > 1)));
  }

  private static boolean odd(int count) {
    return count > 8 && count % 2 == 1;
  }

  private static void drop(PartialStack in, double[] lses, int from, int to) {
    int rows = in.tokens() * in.heads();
    for (int shard = from; shard < Math.min(to, in.shards()); shard++) {
      Arrays.fill(lses, shard * rows, (shard + 1) * rows, Double.NEGATIVE_INFINITY);
    }
  }

  private static void zero(double[] outputs, IntPredicate where) {
    for (int at = 0; at < outputs.length; at++) {
      outputs[at] = where.test(at) ? 0 : outputs[at];
    }
  }

  private static Arguments weights(String name, Weights weights) {
    return Arguments.of(name, weights, (Damage) (in, outputs) -> {});
  }

  private static Arguments damage(String name, Damage damage) {
    return Arguments.of(name, (Weights) (in, lses) -> {}, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aMergeThatIsWrongFromSomeSizeOnIsFoundOnEverySeed(
      String name, Weights weights, Damage damage) {
    for (Precision precision : new Precision[] {Precision.FP64, Precision.BF16}) {
      MergeUnderTest faulty =
          merge(Declaration.of(Convention.of(precision)).withoutLse(), weights, damage);
      for (long seed = 1; seed <= SEEDS; seed++) {
        LawOutcome outcome = LawSuite.verdict(Law.PARTITION, faulty, seed, 60);
        assertFalse(outcome.holds(), name + " in " + precision + " on seed " + seed);
      }
    }
  }

  /** What a case is filled up with is compared: nothing there may be left out or misread. */
  static Stream<Arguments> faultsOfOnlySizes() {
    return Stream.of(
        damage("components 256 to 511 0", (in, outputs) -> zero(outputs, at -> at % 512 > 255)),
        damage("heads 8 to 31 0", (in, outputs) -> zero(outputs, at -> at / in.dim() % 32 > 7)),
        weights(
            "heads 8 to 31 with the LSEs of others",
            (in, lses) -> {
              for (int at = 0; at < lses.length; at++) {
                int head = at % in.heads();
                lses[at] = lses[at - head + head % 8];
              }
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfOnlySizes")
  void whatACaseIsFilledUpWithIsCompared(String name, Weights weights, Damage damage) {
    boolean heads = name.startsWith("heads");
    Declaration sized =
        Declaration.of(Convention.of(Precision.FP64))
            .sized(
                heads ? OptionalInt.of(32) : OptionalInt.empty(),
                heads ? OptionalInt.empty() : OptionalInt.of(512));
    for (long seed = 1; seed <= SEEDS; seed++) {
      LawOutcome outcome = LawSuite.verdict(Law.PARTITION, merge(sized, weights, damage), seed, 60);
      assertFalse(outcome.holds(), name + " on seed " + seed);
    }
  }

  @Test
  void aRightMergeOfOneSizeKeepsTheLaws() {
    Declaration sized =
        Declaration.of(Convention.of(Precision.FP64)).sized(OptionalInt.of(5), OptionalInt.of(24));
    MergeUnderTest right = merge(sized, (in, lses) -> {}, (in, outputs) -> {});
    for (Law law : new Law[] {Law.PARTITION, Law.NAN_IS_REPORTED}) {
      LawOutcome outcome = LawSuite.verdict(law, right, 1, 12);
      assertTrue(outcome.holds(), outcome::toString);
    }
  }

  private static MergeUnderTest merge(Declaration declared, Weights weights, Damage damage) {
    DType format = declared.convention().precision().output();
    return MergeUnderTest.of(
        declared,
        in -> {
          int rows = in.tokens() * in.heads();
          double[] lses = in.lses();
          weights.of(in, lses);
          double[] outputs = new double[rows * in.dim()];
          double[] merged =
              OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), outputs);
          damage.to(in, outputs);
          return declared.returnsLse()
              ? new Partial(outputs, merged)
              : new Partial(
                  IntStream.range(0, outputs.length)
                      .mapToDouble(at -> format.round(outputs[at]))
                      .toArray());
        });
  }
}

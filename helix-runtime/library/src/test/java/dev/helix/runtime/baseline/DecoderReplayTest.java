package dev.helix.runtime.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.baseline.ShardedLayerEmulation.Fault;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.compare.ErrorReport;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DecoderReplayTest {
  /** What was compared, of one layer over all positions. */
  private static final class Reports {
    final ErrorAccumulator attention = new ErrorAccumulator();
    final ErrorAccumulator ffn = new ErrorAccumulator();
    final ErrorAccumulator afterAttention = new ErrorAccumulator();
    final ErrorAccumulator afterFfn = new ErrorAccumulator();

    List<ErrorAccumulator> all() {
      return List.of(attention, afterAttention, ffn, afterFfn);
    }
  }

  @Property(seed = "20250401", tries = 200)
  void everyReplayedPartOfAShardedLayerIsWithinItsBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int shards,
      @ForAll @IntRange(min = 1, max = 25) int positions,
      @ForAll @DoubleRange(min = -8, max = 6) double logHiddenScale) {
    Reports reports = replay(seed, shards, positions, Math.pow(10, logHiddenScale), Fault.NONE);
    for (ErrorAccumulator part : reports.all()) {
      ErrorReport report = part.report();
      assertTrue(report.passed(), report::toString);
      assertEquals((long) positions * TestModel.ATTENTION.hidden(), report.count());
    }
  }

  @Test
  void theBoundsAreUsedToMoreThanATenThousandth() {
    for (double scale : new double[] {1e-6, 1e-2, 1, 100}) {
      Reports reports = replay(3, 3, 25, scale, Fault.NONE);
      for (ErrorAccumulator part : reports.all()) {
        assertTrue(part.report().worstShare() > 1e-4, () -> part.report().toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE"})
  void aPlantedFaultExceedsTheBoundsOfItsPartAndOfTheStreamAfterItOnly(Fault fault) {
    Reports reports = replay(3, 3, 25, 1, fault);
    boolean inFfn = fault == Fault.WRONG_NORM;
    assertEquals(inFfn, reports.attention.report().passed());
    assertEquals(!inFfn, reports.ffn.report().passed());
    assertEquals(inFfn, reports.afterAttention.report().passed());
    assertEquals(!inFfn, reports.afterFfn.report().passed());
  }

  @Test
  void logitsAreWithinTheirBoundAndAWrongNormIsNot() {
    Map<String, double[]> tensors = TestModel.tensors(5);
    BaselineWeights weights = BaselineWeights.load(TestModel.sizes(false), tensors::get);
    DecoderReplay replay = new DecoderReplay(weights, 1);
    ErrorAccumulator right = new ErrorAccumulator();
    ErrorAccumulator wrong = new ErrorAccumulator();
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 50; i++) {
      double[] hidden = hidden(random, Math.pow(10, 4 * random.nextDouble() - 2));
      double[] norm = tensors.get("model.norm.weight");
      double[] x = ShardedLayerEmulation.norm(hidden, norm);
      double[] head = tensors.get("lm_head.weight");
      BoundedValue expected = replay.logits(hidden);
      expected.compareWith(ShardedLayerEmulation.product(head, x), right);
      expected.compareWith(ShardedLayerEmulation.product(head, hidden), wrong);
    }
    ErrorReport report = right.report();
    assertTrue(report.passed() && report.worstShare() > 1e-3, report::toString);
    assertTrue(!wrong.report().passed());
  }

  @Test
  void replayingARunOfTheBaselineItselfGivesItsNumbers() {
    BaselineWeights weights =
        BaselineWeights.load(TestModel.sizes(false), TestModel.tensors(5)::get);
    UnshardedDecoder decoder = new UnshardedDecoder(weights);
    DecoderReplay replay = new DecoderReplay(weights, 4);
    for (int token : new int[] {3, 1, 4, 1, 5}) {
      double[] hidden = weights.embeddingOf(token);
      for (int layer = 0; layer < TestModel.LAYERS; layer++) {
        BoundedValue attention = replay.attention(layer, hidden);
        double[] mid = replay.residual(hidden, attention).value();
        hidden = replay.residual(mid, replay.ffn(layer, mid)).value();
      }
      assertArrayEquals(decoder.next(token), replay.logits(hidden).value());
    }
    assertEquals(5, replay.positions(1));
  }

  @Test
  void theErrorOfAPartIsThatOfTheStreamPlusOneRoundingInEachProgram() {
    BaselineWeights weights =
        BaselineWeights.load(TestModel.sizes(false), TestModel.tensors(5)::get);
    DecoderReplay replay = new DecoderReplay(weights, 4);
    BoundedValue part = new BoundedValue(new double[] {3}, new double[] {0x1p-40});
    BoundedValue sum = replay.residual(new double[] {0x1p52}, part);
    assertEquals(0x1p52 + 3, sum.value()[0]);
    assertTrue(sum.bound()[0] >= 0x1p-40 + 0.999 && sum.bound()[0] <= 1.1, "" + sum.bound()[0]);
  }

  @Test
  void aLayerThatDoesNotExistIsRefused() {
    BaselineWeights weights =
        BaselineWeights.load(TestModel.sizes(false), TestModel.tensors(5)::get);
    DecoderReplay replay = new DecoderReplay(weights, 4);
    assertThrows(IllegalArgumentException.class, () -> replay.positions(2));
    assertThrows(IllegalArgumentException.class, () -> replay.ffn(-1, new double[12]));
  }

  private static Reports replay(long seed, int shards, int positions, double scale, Fault fault) {
    Map<String, double[]> tensors = TestModel.tensors(seed);
    BaselineWeights weights = BaselineWeights.load(TestModel.sizes(false), tensors::get);
    DecoderReplay replay = new DecoderReplay(weights, shards);
    ShardedLayerEmulation sharded = new ShardedLayerEmulation(tensors, 1, shards, fault);
    SplittableRandom random = new SplittableRandom(seed + 1);
    Reports reports = new Reports();
    for (int position = 0; position < positions; position++) {
      double[] hidden = hidden(random, scale);
      double[] attention = sharded.attention(hidden);
      double[] mid = UnshardedDecoderLayer.sum(hidden, attention);
      double[] ffn = sharded.ffn(mid);
      BoundedValue expectedAttention = replay.attention(1, hidden);
      expectedAttention.compareWith(attention, reports.attention);
      replay.residual(hidden, expectedAttention).compareWith(mid, reports.afterAttention);
      BoundedValue expected = replay.ffn(1, mid);
      expected.compareWith(ffn, reports.ffn);
      replay
          .residual(mid, expected)
          .compareWith(UnshardedDecoderLayer.sum(mid, ffn), reports.afterFfn);
    }
    return reports;
  }

  private static double[] hidden(SplittableRandom random, double scale) {
    double[] hidden = TestModel.gaussian(random, TestModel.ATTENTION.hidden(), 1);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] *= scale;
    }
    return hidden;
  }
}

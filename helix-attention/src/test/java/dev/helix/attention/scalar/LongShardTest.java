package dev.helix.attention.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** A shard that is so long that processors share it, for three heads over one KV head. */
class LongShardTest {
  private static final int TOKENS = 70_001;
  private static final int HEADS = 3;
  private static final int DIM = 4;
  private static final int TILE = 128;
  private static final ScoreRule RULE =
      new ScoreRule(
          0.7,
          OptionalDouble.empty(),
          OptionalInt.empty(),
          List.of(2.0, Double.NEGATIVE_INFINITY, 9.0),
          List.of());

  private final SplittableRandom random = new SplittableRandom(5);
  private final Run<Fp64Tensor> run = Run.fp64(0);
  private final double[] queries = random.doubles(HEADS * DIM, -1, 1).toArray();
  private final double[] keys = random.doubles(TOKENS * DIM, -1, 1).toArray();
  private final double[] values = random.doubles(TOKENS * DIM, -1, 1).toArray();

  LongShardTest() {
    // The largest scores come late, so that what came before has to be rescaled.
    for (int i = TOKENS * DIM / 2; i < keys.length; i++) {
      keys[i] *= 5;
    }
  }

  /** One page that is longer than what a processor takes, and many short ones. */
  private KvView<Fp64Tensor> view() {
    List<KvPage<Fp64Tensor>> pages = new ArrayList<>();
    for (int from = 0; from < TOKENS; ) {
      int slots = from == 0 ? 40_000 : 1000;
      Spec spec =
          Spec.of(
              DType.F64,
              new Dim(Axis.KV_HEADS, 1),
              new Dim(Axis.SLOTS, slots),
              new Dim(Axis.HEAD_DIM, DIM));
      pages.add(new KvPage<>(page(spec, keys, from), page(spec, values, from)));
      from += slots;
    }
    return new KvView<>(pages, TOKENS);
  }

  private Fp64Tensor page(Spec spec, double[] numbers, int from) {
    Fp64Tensor page = run.attention().allocatePage(spec);
    for (int i = 0; i < spec.elements() && from * DIM + i < numbers.length; i++) {
      page.region().set(i, numbers[from * DIM + i]);
    }
    return page;
  }

  private PartialAttention<Fp64Tensor> attend() {
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.BATCH, 1),
            new Dim(Axis.HEADS, HEADS),
            new Dim(Axis.HEAD_DIM, DIM));
    return run.attention().flashDecode(run.tensor(spec, queries), List.of(view()), RULE);
  }

  @Test
  void theTextbookFormulaIsWithinTheBound() {
    PartialAttention<Fp64Tensor> attention = attend();
    double[] outputs = run.kernels().toHost(attention.output());
    double[] lses = run.kernels().toHost(attention.lse());
    for (int head = 0; head < HEADS; head++) {
      // The sink is one more token, whose value is 0.
      boolean sink = RULE.sink(head) != Double.NEGATIVE_INFINITY;
      int tokens = TOKENS + (sink ? 1 : 0);
      double[] dots = new double[tokens];
      double[] magnitudes = new double[tokens];
      for (int j = 0; j < TOKENS; j++) {
        for (int i = 0; i < DIM; i++) {
          double product = RULE.scale() * queries[head * DIM + i] * keys[j * DIM + i];
          dots[j] += product;
          magnitudes[j] += Math.abs(product);
        }
      }
      if (sink) {
        dots[TOKENS] = RULE.sink(head);
      }
      for (int i = 0; i < DIM; i++) {
        double[] own = new double[tokens];
        for (int j = 0; j < TOKENS; j++) {
          own[j] = values[j * DIM + i];
        }
        PartialBound bound = PartialBound.of(dots, magnitudes, own, DIM, (TOKENS - 1) / TILE + 1);
        assertAttention(dots, own, outputs[head * DIM + i], lses[head], bound);
      }
    }
  }

  private static void assertAttention(
      double[] scores, double[] values, double output, double lse, PartialBound bound) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      greatest = Math.max(greatest, score);
    }
    double sum = 0;
    double weighted = 0;
    for (int j = 0; j < scores.length; j++) {
      double weight = StrictMath.exp(scores[j] - greatest);
      sum += weight;
      weighted += weight * values[j];
    }
    assertEquals(weighted / sum, output, bound.output());
    assertEquals(greatest + StrictMath.log(sum), lse, bound.lse());
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfProcessors() throws InterruptedException, ExecutionException {
    assertArrayEquals(outputs(1), outputs(3));
  }

  private double[] outputs(int processors) throws InterruptedException, ExecutionException {
    ForkJoinPool pool = new ForkJoinPool(processors);
    try {
      return pool.submit(() -> run.kernels().toHost(attend().output())).get();
    } finally {
      pool.shutdown();
    }
  }
}

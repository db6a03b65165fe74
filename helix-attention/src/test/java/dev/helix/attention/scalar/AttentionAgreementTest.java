package dev.helix.attention.scalar;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.merge.TwoMergesBound;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.compare.ErrorAccumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The fp64 and the counting attention kernels, written apart, agree within what rounding can do to
 * each. What is exact is in {@link AttentionKernelsContract}.
 */
final class AttentionAgreementTest {
  /** 2γ₂(|a·cos| + |b·sin|): a product and a sum in each; values are copied, bound 0. */
  @Property(tries = 60, seed = "41", edgeCases = EdgeCasesMode.NONE)
  void rotationsAgree(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 3) int kvHeads,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll @IntRange(min = 1, max = 4) int pairs,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    AttentionShape shape = new AttentionShape(8, kvHeads * group, kvHeads, 2 * pairs);
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 2 * pairs);
    double[] qkv = numbers(random, rows * shape.qkvRows(), 100);
    List<QueryToken> step = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      step.add(new QueryToken(row, random.nextInt(1 << random.nextInt(1, 21))));
    }
    Spec spec = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.QKV, shape.qkvRows());

    List<double[]> a = rotate(Run.fp64(0), spec, qkv, shape, rotary, step);
    List<double[]> b = rotate(Run.counting(0), spec, qkv, shape, rotary, step);

    ErrorAccumulator rotated = new ErrorAccumulator();
    for (int part = 0; part < 2; part++) {
      for (int i = 0; i < a.get(part).length; i++) {
        int pair = i % pairs;
        int first = i - i % (2 * pairs) + pair;
        double radius = Math.hypot(b.get(part)[first], b.get(part)[first + pairs]);
        // |a·cos| + |b·sin| is at most √2 times the radius of the pair.
        rotated.add(
            a.get(part)[i],
            b.get(part)[i],
            SLACK * 2 * gamma(2) * Math.sqrt(2) * radius + UNDERFLOW);
      }
    }
    assertTrue(rotated.report().passed(), () -> rotated.report().toString());
    assertArrayEquals(a.get(2), b.get(2));
  }

  @Property(tries = 150, seed = "42", edgeCases = EdgeCasesMode.NONE)
  void partialAttentionAgrees(
      @ForAll @IntRange(min = 1, max = 3) int kvHeads,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll @IntRange(min = 1, max = 7) int dim,
      @ForAll @IntRange(min = 1, max = 6) int pageSlots,
      @ForAll @IntRange(max = 20) int tokens,
      @ForAll @IntRange(max = 3) int sharpness,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double amplitude = new double[] {0.1, 1, 5, 20}[sharpness];
    Problem problem =
        new Problem(
            kvHeads,
            group,
            dim,
            pageSlots,
            1 / Math.sqrt(dim),
            numbers(random, tokens * kvHeads * dim, amplitude),
            numbers(random, tokens * kvHeads * dim, 1),
            random.ints(random.nextInt(1, 5), 0, tokens + 1).toArray(),
            random);
    problem.compare();
  }

  @Test
  void aScoreThatOverflowsToNegativeInfinityHasNoWeight() {
    double[] keys = {-1e200, 1, -1e200, 2, -1e200};
    double[] values = {1, 2, 3, 4, 5};
    for (int pageSlots = 1; pageSlots <= 5; pageSlots++) {
      for (int length = 2; length <= 5; length++) {
        double[] a = oneHead(Run.fp64(0), 1e200, keys, values, pageSlots, length);
        double[] b = oneHead(Run.counting(0), 1e200, keys, values, pageSlots, length);
        double expected = length < 4 ? 2 : 4;
        assertEquals(expected, a[0]);
        assertEquals(expected, b[0]);
        assertEquals(b[1], a[1]);
      }
    }
  }

  @Test
  void tokensWhoseScoresAllOverflowAreNotTheEmptyState() {
    double[] keys = {-1e200, -1e200, -1e200};
    double[] values = {1, 2, 3};
    for (int pageSlots = 1; pageSlots <= 3; pageSlots++) {
      double[] a = oneHead(Run.fp64(0), 1e200, keys, values, pageSlots, 3);
      assertTrue(Double.isNaN(a[0]) && Double.isNaN(a[1]));
    }
  }

  @Test
  void aScoreThatOverflowsUpwardsIsNotHidden() {
    double[] keys = {1, 1e200, 1};
    double[] values = {1, 2, 3};
    for (int pageSlots = 1; pageSlots <= 3; pageSlots++) {
      double[] a = oneHead(Run.fp64(0), 1e200, keys, values, pageSlots, 3);
      double[] b = oneHead(Run.counting(0), 1e200, keys, values, pageSlots, 3);
      assertTrue(Double.isNaN(a[0]) && Double.isNaN(b[0]));
    }
  }

  @Property(tries = 200, seed = "43", edgeCases = EdgeCasesMode.NONE)
  void mergesAgree(
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 4) int dim,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double spread = new double[] {0.1, 20, 800, 1e5}[inequality];
    int rowsByHeads = rows * heads;
    double[] lses = numbers(random, parts * rowsByHeads, spread);
    double[] outputs = numbers(random, parts * rowsByHeads * dim, 10);
    double emptyShare = random.nextInt(3) / 2.0;
    for (int at = 0; at < lses.length; at++) {
      if (random.nextDouble() < emptyShare) {
        lses[at] = NEGATIVE_INFINITY;
        Arrays.fill(outputs, at * dim, (at + 1) * dim, NaN);
      }
    }
    double[] a = merge(Run.fp64(0), parts, rows, heads, dim, lses, outputs);
    double[] b = merge(Run.counting(0), parts, rows, heads, dim, lses, outputs);

    ErrorAccumulator merged = new ErrorAccumulator();
    for (int i = 0; i < a.length; i++) {
      int rowHead = i / dim;
      int component = i % dim;
      int[] living =
          IntStream.range(0, parts)
              .map(part -> part * rowsByHeads + rowHead)
              .filter(at -> lses[at] != NEGATIVE_INFINITY)
              .toArray();
      double[] own = Arrays.stream(living).mapToDouble(at -> lses[at]).toArray();
      double[] values =
          Arrays.stream(living).mapToDouble(at -> outputs[at * dim + component]).toArray();
      merged.add(a[i], b[i], living.length == 0 ? 0 : TwoMergesBound.of(own, values));
    }
    assertTrue(merged.report().passed(), () -> merged.report().toString());
  }

  private static <T extends Tensor> List<double[]> rotate(
      Run<T> run,
      Spec spec,
      double[] qkv,
      AttentionShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    RotatedQkv<T> rotated = run.attention().rotaryQkv(run.tensor(spec, qkv), shape, rotary, step);
    return List.of(
        run.host(rotated.queries()), run.host(rotated.keys()), run.host(rotated.values()));
  }

  private static <T extends Tensor> double[] merge(
      Run<T> run, int parts, int rows, int heads, int dim, double[] lses, double[] outputs) {
    T lse = run.tensor(Run.stack(parts, rows, heads), lses);
    T output = run.tensor(Run.stack(parts, rows, heads, dim), outputs);
    return run.host(run.attention().mergeByLse(new PartialAttention<>(output, lse)));
  }

  /** Output and LSE of one query of width 1. */
  private static <T extends Tensor> double[] oneHead(
      Run<T> run, double query, double[] keys, double[] values, int pageSlots, int length) {
    List<KvPage<T>> pages = run.pages(pageSlots, 1, 1, keys, values);
    PartialAttention<T> partial =
        run.attention()
            .flashDecode(
                run.tensor(Run.queries(1, 1, 1), query),
                List.of(new KvView<>(pages, length)),
                ScoreRule.ofScale(1));
    return new double[] {run.host(partial.output())[0], run.host(partial.lse())[0]};
  }

  /** Numbers of either sign, of normal size {@code amplitude}. */
  private static double[] numbers(SplittableRandom random, int count, double amplitude) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = amplitude * random.nextGaussian();
    }
    return numbers;
  }

  /** Queries that see a request's first tokens, as many as {@code lengths} says, causally. */
  private static final class Problem {
    private final int kvHeads;
    private final int group;
    private final int dim;
    private final int pageSlots;
    private final double scale;
    private final double[] keys;
    private final double[] values;
    private final int[] lengths;
    private final double[] queries;

    Problem(
        int kvHeads,
        int group,
        int dim,
        int pageSlots,
        double scale,
        double[] keys,
        double[] values,
        int[] lengths,
        SplittableRandom random) {
      this.kvHeads = kvHeads;
      this.group = group;
      this.dim = dim;
      this.pageSlots = pageSlots;
      this.scale = scale;
      this.keys = keys;
      this.values = values;
      this.lengths = lengths;
      this.queries = numbers(random, lengths.length * kvHeads * group * dim, 5);
    }

    void compare() {
      ErrorAccumulator errors = new ErrorAccumulator();
      List<double[]> a = attend(Run.fp64(0));
      List<double[]> b = attend(Run.counting(0));
      int heads = kvHeads * group;
      for (int rowHead = 0; rowHead < lengths.length * heads; rowHead++) {
        int length = lengths[rowHead / heads];
        if (length == 0) {
          assertEquals(NEGATIVE_INFINITY, a.get(1)[rowHead]);
          assertEquals(NEGATIVE_INFINITY, b.get(1)[rowHead]);
        }
        for (int i = 0; i < dim; i++) {
          PartialBound bound = length == 0 ? new PartialBound(0, 0) : bound(rowHead, length, i);
          int at = rowHead * dim + i;
          errors.add(a.get(0)[at], b.get(0)[at], bound.output());
          if (length > 0) {
            errors.add(a.get(1)[rowHead], b.get(1)[rowHead], bound.lse());
          }
        }
      }
      assertTrue(errors.report().passed(), () -> errors.report().toString());
    }

    private <T extends Tensor> List<double[]> attend(Run<T> run) {
      List<KvPage<T>> pages = run.pages(pageSlots, kvHeads, dim, keys, values);
      List<KvView<T>> views = new ArrayList<>();
      for (int length : lengths) {
        views.add(new KvView<>(pages, length));
      }
      T query = run.tensor(Run.queries(lengths.length, kvHeads * group, dim), queries);
      PartialAttention<T> partial =
          run.attention().flashDecode(query, views, ScoreRule.ofScale(scale));
      return List.of(run.host(partial.output()), run.host(partial.lse()));
    }

    private PartialBound bound(int rowHead, int length, int component) {
      int kvHead = rowHead % (kvHeads * group) / group;
      double[] dots = new double[length];
      double[] magnitudes = new double[length];
      double[] own = new double[length];
      for (int j = 0; j < length; j++) {
        int at = (j * kvHeads + kvHead) * dim;
        own[j] = values[at + component];
        for (int i = 0; i < dim; i++) {
          double product = scale * queries[rowHead * dim + i] * keys[at + i];
          dots[j] += product;
          magnitudes[j] += Math.abs(product);
        }
      }
      return PartialBound.of(dots, magnitudes, own, dim, (length - 1) / pageSlots + 1);
    }
  }
}

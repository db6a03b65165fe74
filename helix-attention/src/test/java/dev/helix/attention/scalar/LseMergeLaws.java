package dev.helix.attention.scalar;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The scalar merge against the textbook formula on plain arrays, so that faults planted in it are
 * judged without loading ND4J; {@link AttentionAgreementTest} holds it against the fp64 merge.
 */
final class LseMergeLaws {
  @Property(tries = 100, seed = "44", edgeCases = EdgeCasesMode.NONE)
  void theMergeIsTheSoftmaxOverTheLsesOfTheLivingParts(
      @ForAll @IntRange(min = 1, max = 5) int parts,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 4) int dim,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double spread = new double[] {0.1, 20, 800, 1e5}[inequality];
    int rowsByHeads = rows * heads;
    double[] lses = new double[parts * rowsByHeads];
    double[] outputs = new double[lses.length * dim];
    Arrays.setAll(lses, at -> random.nextDouble(-spread, spread));
    Arrays.setAll(outputs, at -> random.nextDouble(-10, 10));
    double emptyShare = random.nextInt(3) / 2.0;
    for (int at = 0; at < lses.length; at++) {
      if (random.nextDouble() < emptyShare) {
        lses[at] = NEGATIVE_INFINITY;
        Arrays.fill(outputs, at * dim, (at + 1) * dim, NaN);
      }
    }

    Run<ScalarTensor<Double>> run = Run.counting(0);
    double[] merged =
        run.host(
            run.attention()
                .mergeByLse(
                    new PartialAttention<>(
                        run.tensor(Run.stack(parts, rows, heads, dim), outputs),
                        run.tensor(Run.stack(parts, rows, heads), lses))));

    assertEquals(rowsByHeads * dim, merged.length);
    for (int rowHead = 0; rowHead < rowsByHeads; rowHead++) {
      int own = rowHead;
      int[] living =
          IntStream.range(0, parts)
              .map(part -> part * rowsByHeads + own)
              .filter(at -> lses[at] != NEGATIVE_INFINITY)
              .toArray();
      double[] weights = Arrays.stream(living).mapToDouble(at -> lses[at]).toArray();
      for (int i = 0; i < dim; i++) {
        int component = i;
        double[] values =
            Arrays.stream(living).mapToDouble(at -> outputs[at * dim + component]).toArray();
        if (living.length == 0) {
          assertEquals(0.0, merged[rowHead * dim + i]);
        } else {
          double bound = MergeBound.of(weights, values);
          assertEquals(softmax(weights, values), merged[rowHead * dim + i], bound);
        }
      }
    }
  }

  /** Σ exp(LSEᵢ − M)·Oᵢ / Σ exp(LSEᵢ − M), the first of the two merges of {@link MergeBound}. */
  private static double softmax(double[] lses, double[] values) {
    double greatest = Arrays.stream(lses).max().orElseThrow();
    double sum = 0;
    double weighted = 0;
    for (int part = 0; part < lses.length; part++) {
      double weight = StrictMath.exp(lses[part] - greatest);
      sum += weight;
      weighted += weight * values[part];
    }
    return weighted / sum;
  }
}

package dev.helix.attention.bounds;

import static dev.helix.attention.bounds.HighPrecision.DIGITS;
import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.definition.AttentionDefinition;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The definition of exact attention against 50 digits.
 *
 * <p><b>The bound.</b> A score's dot product is off by at most γ_d·Σ|qᵢkᵢ|, the scaling rounds once
 * more: δⱼ = scale·γ_{d+1}·Σ|qᵢkᵢ|, at least |sⱼ|·u, and of that size unless terms cancel. A weight
 * is within 2.6u of exp of its score ({@code SplitExponential}). So the weights are pⱼ·e^dⱼ with
 * |dⱼ| ≤ τⱼ = δⱼ + 3u, in numerator and denominator alike, and as {@link SoftmaxErrorBound}
 * derives,
 *
 * <pre>
 * |o′ − o| ≤ Σ pⱼ (e^τⱼ − 1)|vⱼ − o| / Σ pₖ e^−τₖ + u|o|
 * </pre>
 *
 * where the last term is the one rounding of the quotient of sums that are exact. No layout changes
 * any of it, and nothing in it grows with the number of tokens or shards.
 */
class ExactDefinitionErrorTest {
  private static final int DIM = 16;
  private static final int TOKENS = 150;
  private static final double SCALE = 0.25;

  @ParameterizedTest
  @CsvSource({"1, 1", "30, 2", "700, 3", "10000, 4", "0, 5"})
  void theDefinitionIsWithinItsBoundOfTheTrueValue(double magnitude, long seed) {
    Inputs inputs = new Inputs(magnitude, seed);
    double[] defined =
        AttentionDefinition.attend(inputs.query, inputs.keys, inputs.values, SCALE, DIM);
    double[] fp64 = fp64(inputs);
    Oracle oracle = new Oracle(inputs);
    double worst = 0;
    double worstShare = 0;
    double worstBound = 0;
    double worstFp64 = 0;
    for (int i = 0; i < DIM; i++) {
      BigDecimal exact = oracle.output(i);
      double bound = oracle.bound(i, exact.doubleValue());
      double error = HighPrecision.error(defined[i], exact);
      assertTrue(error <= bound, "component " + i + ": error " + error + ", bound " + bound);
      double ulp = Math.ulp(exact.doubleValue());
      worst = Math.max(worst, error / ulp);
      worstBound = Math.max(worstBound, bound / ulp);
      worstShare = Math.max(worstShare, error / bound);
      worstFp64 = Math.max(worstFp64, HighPrecision.error(fp64[i], exact) / ulp);
    }
    assertTrue(worstShare > 1e-4, "the bound says nothing: " + worstShare);
    System.out.printf(
        "scores to %.2g: worst error in ulp: exact definition %.2g, its bound %.2g, fp64 %.2g%n",
        Arrays.stream(oracle.scores).map(Math::abs).max().orElse(0), worst, worstBound, worstFp64);
  }

  private static double[] fp64(Inputs inputs) {
    Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
    Fp64Kernels kernels = new Fp64Kernels(rank, new Fp64Constants());
    Fp64AttentionKernels attention = new Fp64AttentionKernels(rank);
    Spec page =
        Spec.of(
            DType.F64,
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, TOKENS),
            new Dim(Axis.HEAD_DIM, DIM));
    Spec query =
        Spec.of(
            DType.F64, new Dim(Axis.BATCH, 1), new Dim(Axis.HEADS, 1), new Dim(Axis.HEAD_DIM, DIM));
    Fp64Tensor keys = kernels.constant(page, new WeightSlice("k", () -> flat(inputs.keys)));
    Fp64Tensor values = kernels.constant(page, new WeightSlice("v", () -> flat(inputs.values)));
    Fp64Tensor queries = kernels.constant(query, new WeightSlice("q", () -> inputs.query));
    PartialAttention<Fp64Tensor> partial =
        attention.flashDecode(
            queries,
            List.of(new KvView<>(List.of(new KvPage<>(keys, values)), TOKENS)),
            ScoreRule.ofScale(SCALE));
    return kernels.toHost(partial.output());
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static final class Inputs {
    final double[] query = new double[DIM];
    final double[][] keys = new double[TOKENS][DIM];
    final double[][] values = new double[TOKENS][DIM];

    /** Scores of about ±magnitude; values of which many nearly cancel. */
    Inputs(double magnitude, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      Arrays.setAll(query, i -> random.nextDouble(-1, 1));
      for (int j = 0; j < TOKENS; j++) {
        for (int i = 0; i < DIM; i++) {
          keys[j][i] = random.nextDouble(-1, 1) * magnitude / (SCALE * Math.sqrt(DIM));
          double value = random.nextDouble(-1, 1);
          values[j][i] = j % 3 == 0 ? 1e4 * Math.signum(value) : value;
        }
      }
    }
  }

  /** The mathematical values for the inputs as they are. */
  private static final class Oracle {
    final Inputs inputs;
    final double[] scores = new double[TOKENS];
    final BigDecimal[] weights = new BigDecimal[TOKENS];
    final BigDecimal total;

    Oracle(Inputs inputs) {
      this.inputs = inputs;
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = 0; j < TOKENS; j++) {
        BigDecimal dot = BigDecimal.ZERO;
        for (int i = 0; i < DIM; i++) {
          BigDecimal key = new BigDecimal(inputs.keys[j][i]);
          dot = dot.add(new BigDecimal(inputs.query[i]).multiply(key));
        }
        BigDecimal score = dot.multiply(BigDecimal.valueOf(SCALE));
        scores[j] = score.doubleValue();
        weights[j] = HighPrecision.exp(score);
        sum = sum.add(weights[j], DIGITS);
      }
      this.total = sum;
    }

    BigDecimal output(int component) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = 0; j < TOKENS; j++) {
        sum = sum.add(weights[j].multiply(new BigDecimal(inputs.values[j][component])), DIGITS);
      }
      return sum.divide(total, DIGITS);
    }

    double bound(int component, double output) {
      double numerator = 0;
      double denominator = 0;
      for (int j = 0; j < TOKENS; j++) {
        double magnitudes = 0;
        for (int i = 0; i < DIM; i++) {
          magnitudes += Math.abs(inputs.query[i] * inputs.keys[j][i]);
        }
        double tau = SCALE * gamma(DIM + 1) * magnitudes + 3 * UNIT;
        double share = weights[j].divide(total, DIGITS).doubleValue();
        double distance = Math.abs(inputs.values[j][component] - output);
        numerator += share * Math.expm1(tau) * distance;
        denominator += share * Math.exp(-tau);
      }
      return SLACK * (numerator / denominator + UNIT * Math.abs(output)) + UNDERFLOW;
    }
  }
}

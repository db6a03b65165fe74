package dev.helix.attention.bounds;

import static dev.helix.attention.bounds.HighPrecision.DIGITS;

import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The attention of {@link UnshardedAttention} to about 45 digits. */
final class ExactAttention {
  private final AttentionProblem problem;
  private final int headDim;
  private final BigDecimal[] frequencies;
  private final List<BigDecimal[]> keys = new ArrayList<>();
  private final List<BigDecimal[]> values = new ArrayList<>();
  private double[] lastInput = {};

  ExactAttention(AttentionProblem problem) {
    this.problem = problem;
    this.headDim = problem.shape.headDim();
    this.frequencies = new BigDecimal[headDim / 2];
    BigDecimal lnTheta = HighPrecision.ln(new BigDecimal(problem.rope.theta()));
    for (int i = 0; i < frequencies.length; i++) {
      BigDecimal exponent = of(-2.0 * i).divide(of(headDim), DIGITS);
      BigDecimal frequency = HighPrecision.exp(exponent.multiply(lnTheta, DIGITS));
      frequencies[i] = problem.rope.llama3().map(s -> scaled(frequency, s)).orElse(frequency);
    }
  }

  void append(double[] x) {
    int position = keys.size();
    keys.add(rotated(product(problem.wk, exact(x)), position));
    values.add(product(problem.wv, exact(x)));
    lastInput = x.clone();
  }

  /** The output at the last position, {@code [hidden]}. */
  BigDecimal[] output() {
    BigDecimal[] q = rotated(product(problem.wq, exact(lastInput)), keys.size() - 1);
    BigDecimal[] heads = new BigDecimal[q.length];
    BigDecimal rootOfDim = of(headDim).sqrt(DIGITS);
    for (int head = 0; head < problem.shape.queryHeads(); head++) {
      int kv = head / problem.shape.queriesPerKvHead() * headDim;
      BigDecimal[] sums = new BigDecimal[headDim];
      Arrays.fill(sums, BigDecimal.ZERO);
      BigDecimal total = BigDecimal.ZERO;
      for (int j = 0; j < keys.size(); j++) {
        BigDecimal dot = BigDecimal.ZERO;
        for (int c = 0; c < headDim; c++) {
          dot = dot.add(q[head * headDim + c].multiply(keys.get(j)[kv + c]), DIGITS);
        }
        BigDecimal weight = HighPrecision.exp(dot.divide(rootOfDim, DIGITS));
        total = total.add(weight, DIGITS);
        for (int c = 0; c < headDim; c++) {
          sums[c] = sums[c].add(weight.multiply(values.get(j)[kv + c]), DIGITS);
        }
      }
      for (int c = 0; c < headDim; c++) {
        heads[head * headDim + c] = sums[c].divide(total, DIGITS);
      }
    }
    return product(problem.wo, heads);
  }

  BigDecimal[] rotated(BigDecimal[] heads, int position) {
    BigDecimal[] turned = new BigDecimal[heads.length];
    for (int i = 0; i < headDim / 2; i++) {
      BigDecimal angle = of(position).multiply(frequencies[i]);
      BigDecimal cos = HighPrecision.cos(angle);
      BigDecimal sin = HighPrecision.sin(angle);
      for (int head = 0; head < heads.length; head += headDim) {
        BigDecimal a = heads[head + i];
        BigDecimal b = heads[head + i + headDim / 2];
        turned[head + i] = a.multiply(cos).subtract(b.multiply(sin), DIGITS);
        turned[head + i + headDim / 2] = a.multiply(sin).add(b.multiply(cos), DIGITS);
      }
    }
    return turned;
  }

  private static BigDecimal scaled(BigDecimal frequency, Llama3Scaling scaling) {
    BigDecimal ratio =
        of(scaling.originalContext())
            .multiply(frequency)
            .divide(HighPrecision.PI.multiply(of(2)), DIGITS);
    BigDecimal low = of(scaling.lowFrequencyFactor());
    BigDecimal high = of(scaling.highFrequencyFactor());
    BigDecimal t = ratio.subtract(low).divide(high.subtract(low), DIGITS);
    BigDecimal clamped = t.max(BigDecimal.ZERO).min(BigDecimal.ONE);
    return BigDecimal.ONE
        .subtract(clamped)
        .divide(of(scaling.factor()), DIGITS)
        .add(clamped)
        .multiply(frequency, DIGITS);
  }

  private static BigDecimal[] product(double[] weight, BigDecimal[] x) {
    BigDecimal[] y = new BigDecimal[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      y[row] = BigDecimal.ZERO;
      for (int column = 0; column < x.length; column++) {
        BigDecimal term = of(weight[row * x.length + column]).multiply(x[column]);
        y[row] = y[row].add(term, DIGITS);
      }
    }
    return y;
  }

  static BigDecimal[] exact(double[] x) {
    BigDecimal[] exact = new BigDecimal[x.length];
    for (int i = 0; i < x.length; i++) {
      exact[i] = of(x[i]);
    }
    return exact;
  }

  private static BigDecimal of(double x) {
    return new BigDecimal(x);
  }
}

package dev.helix.runtime.sharded.scale;

import dev.helix.runtime.sharded.reference.RowTerms;
import java.util.ArrayList;
import java.util.List;

/** One row of attention whose softmax scale is open, beside what was dumped of it. */
interface ScaledRow {
  /** How far the row with this scale is from what was dumped, number by number. */
  double[] misfit(double scale);

  /** Whether a row so far from what was dumped may be the same, but for roundings. */
  boolean isNear(double[] misfit);

  /** Whether a scale near one with this misfit may be right. */
  boolean isWorthALook(double[] misfit);

  /** A log-sum-exp in nats. */
  static ScaledRow ofLse(RowTerms terms, double dumped) {
    return new ScaledRow() {
      @Override
      public double[] misfit(double scale) {
        Weights weights = new Weights(List.of(terms), scale);
        return new double[] {weights.greatest + Math.log(weights.sum) - dumped};
      }

      @Override
      public boolean isNear(double[] misfit) {
        // Keys of a quantised cache that were rounded to BF16 move scores by 2^-9 of them.
        return Math.abs(misfit[0]) <= 0.02;
      }

      @Override
      public boolean isWorthALook(double[] misfit) {
        return true;
      }
    };
  }

  /**
   * The first components of an output.
   *
   * @param parts the terms of each rank whose tokens it is made of
   */
  static ScaledRow ofOutput(List<RowTerms> parts, double[] dumped) {
    return new ScaledRow() {
      @Override
      public double[] misfit(double scale) {
        double[] output = new Weights(parts, scale).output(dumped.length);
        for (int i = 0; i < output.length; i++) {
          output[i] -= dumped[i];
        }
        return output;
      }

      @Override
      public boolean isNear(double[] misfit) {
        return norm(misfit) <= 0.03 * norm(dumped);
      }

      @Override
      public boolean isWorthALook(double[] misfit) {
        return norm(misfit) <= 0.7 * norm(dumped);
      }
    };
  }

  /** The length of a vector. */
  static double norm(double[] vector) {
    double sum = 0;
    for (double x : vector) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }

  /** The weights of a row's tokens, relative to the greatest. */
  final class Weights {
    private final List<RowTerms> parts;
    private final List<double[]> ofTokens = new ArrayList<>();
    private final double greatest;
    private final double sum;

    Weights(List<RowTerms> parts, double scale) {
      this.parts = parts;
      double largest = Double.NEGATIVE_INFINITY;
      for (RowTerms part : parts) {
        double[] scores = scores(part, scale);
        largest = Math.max(largest, part.sink());
        for (double score : scores) {
          largest = Math.max(largest, score);
        }
        ofTokens.add(scores);
      }
      this.greatest = largest;
      double total = 0;
      for (int p = 0; p < parts.size(); p++) {
        double[] weights = ofTokens.get(p);
        total += Math.exp(parts.get(p).sink() - greatest);
        for (int i = 0; i < weights.length; i++) {
          weights[i] = Math.exp(weights[i] - greatest);
          total += weights[i];
        }
      }
      this.sum = total;
    }

    double[] output(int components) {
      double[] output = new double[components];
      for (int p = 0; p < parts.size(); p++) {
        double[] weights = ofTokens.get(p);
        double[] values = parts.get(p).values();
        for (int i = 0; i < weights.length; i++) {
          for (int c = 0; c < components; c++) {
            output[c] += weights[i] * values[i * components + c];
          }
        }
      }
      for (int c = 0; c < components; c++) {
        output[c] /= sum;
      }
      return output;
    }

    private static double[] scores(RowTerms part, double scale) {
      double[] scores = new double[part.tokens()];
      for (int i = 0; i < scores.length; i++) {
        double score = scale * part.products()[i];
        if (part.softCap().isPresent()) {
          double cap = part.softCap().getAsDouble();
          score = Math.tanh(score / cap) * cap;
        }
        scores[i] = score - part.biases()[i];
      }
      return scores;
    }
  }
}

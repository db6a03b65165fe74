package dev.helix.runtime.sharded.reference;

import dev.helix.attention.ScoreRule;
import dev.helix.tensor.scalar.DecimalArithmetic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One row of attention in numbers of 50 digits. */
final class DecimalRow {
  private static final DecimalArithmetic NUMBERS = new DecimalArithmetic();

  private final ScoreRule rule;
  private final int head;
  private final List<BigDecimal> scores = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  DecimalRow(ScoreRule rule, int head) {
    this.rule = rule;
    this.head = head;
  }

  /**
   * Adds a token.
   *
   * @param offset where the query begins in {@code queries}
   * @param distance how many positions before the query the token is
   */
  void add(double[] queries, int offset, double[] key, double[] value, int distance) {
    BigDecimal dot = NUMBERS.zero();
    for (int i = 0; i < key.length; i++) {
      dot = NUMBERS.add(dot, product(queries[offset + i], key[i]));
    }
    BigDecimal score = NUMBERS.multiply(NUMBERS.of(rule.scale()), dot);
    if (rule.softCap().isPresent()) {
      BigDecimal cap = NUMBERS.of(rule.softCap().getAsDouble());
      score = NUMBERS.multiply(NUMBERS.tanh(NUMBERS.divide(score, cap)), cap);
    }
    if (!rule.alibiSlopes().isEmpty()) {
      score = NUMBERS.subtract(score, product(rule.alibiSlopes().get(head), distance));
    }
    scores.add(score);
    values.add(value.clone());
  }

  /** Adds a sink: a token whose value is 0. */
  void addSink(double sink, int dim) {
    scores.add(NUMBERS.of(sink));
    values.add(new double[dim]);
  }

  /** Writes log-sum-exp and output of the row in place of those in double precision. */
  void finish(RowStates states, int row) {
    if (scores.isEmpty()) {
      return;
    }
    BigDecimal greatest = scores.stream().max(NUMBERS::compare).orElseThrow();
    BigDecimal sum = NUMBERS.zero();
    BigDecimal[] output = new BigDecimal[states.dim()];
    Arrays.fill(output, NUMBERS.zero());
    for (int token = 0; token < scores.size(); token++) {
      BigDecimal weight = NUMBERS.exp(NUMBERS.subtract(scores.get(token), greatest));
      sum = NUMBERS.add(sum, weight);
      for (int i = 0; i < output.length; i++) {
        BigDecimal part = NUMBERS.multiply(weight, NUMBERS.of(values.get(token)[i]));
        output[i] = NUMBERS.add(output[i], part);
      }
    }
    states.lses[row] = NUMBERS.toDouble(NUMBERS.add(greatest, NUMBERS.log(sum)));
    for (int i = 0; i < output.length; i++) {
      states.outputs[row * output.length + i] = NUMBERS.toDouble(NUMBERS.divide(output[i], sum));
    }
  }

  private static BigDecimal product(double a, double b) {
    return NUMBERS.multiply(NUMBERS.of(a), NUMBERS.of(b));
  }
}

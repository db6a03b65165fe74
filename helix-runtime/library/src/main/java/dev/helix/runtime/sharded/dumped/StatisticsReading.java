package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import java.util.Optional;

/**
 * Reads the statistics of rows: a log-sum-exp with filling behind it, or a (max, sum) pair with the
 * max in the convention's base. Without a convention they are pairs if any second number is not 0.
 */
final class StatisticsReading implements GroupReading.Statistics {
  private final Optional<Convention> convention;

  StatisticsReading(Optional<Convention> convention) {
    this.convention = convention;
  }

  @Override
  public double[] lses(double[] numbers, int size) {
    int rows = numbers.length / size;
    boolean filled = true;
    for (int row = 0; row < rows; row++) {
      filled &= numbers[row * size + 1] == 0;
    }
    double[] lses = new double[rows];
    for (int row = 0; row < rows; row++) {
      double first = numbers[row * size];
      double sum = numbers[row * size + 1];
      boolean pair = convention.map(Convention::pairs).orElse(!filled);
      lses[row] = pair ? lse(first, sum) : first;
    }
    return lses;
  }

  private double lse(double max, double sum) {
    double nats = convention.map(named -> named.base().nats()).orElse(1.0);
    return sum == 0 ? Double.NEGATIVE_INFINITY : max + Math.log(sum) / nats;
  }
}

package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.dump.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the statistics of rows: a log-sum-exp with filling behind it, or a (max, sum) pair with the
 * max in the given base or else the convention's. Without a convention they are pairs if any second
 * number is not 0.
 */
final class StatisticsReading implements GroupReading.Statistics {
  private final Optional<Convention> convention;
  private final Optional<LogBase> base;

  /**
   * Creates the reading.
   *
   * @param given the convention and a base that differs from it
   */
  StatisticsReading(GivenFacts.Forms given) {
    this.convention = given.convention();
    this.base = given.base().or(() -> convention.map(Convention::base));
  }

  /** Where what is given, or dumped, contradicts the convention that is given. */
  List<String> contradictions(RankReading rank) {
    List<String> all = new ArrayList<>();
    convention.ifPresent(
        named -> {
          String name = named.origin().name();
          base.filter(given -> given != named.base())
              .ifPresent(
                  given ->
                      all.add(
                          "LSEs are in base %s, as is given, and not in base %s, as %s has them"
                              .formatted(word(given), word(named.base()), name)));
          boolean lses = rank.find(Role.LSE).or(() -> rank.find(Role.SENT_LSE)).isPresent();
          if (named.pairs() && lses) {
            all.add(
                "the dump has one LSE for each row, and not the (max, sum) of %s".formatted(name));
          }
        });
    return List.copyOf(all);
  }

  private static String word(LogBase base) {
    return base == LogBase.TWO ? "2" : "e";
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
    double nats = base.map(LogBase::nats).orElse(1.0);
    return sum == 0 ? Double.NEGATIVE_INFINITY : max + Math.log(sum) / nats;
  }
}

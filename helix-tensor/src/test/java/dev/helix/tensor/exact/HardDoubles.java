package dev.helix.tensor.exact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Doubles that are hard to add: far apart, cancelling, subnormal, of both zeros. */
final class HardDoubles {
  private final SplittableRandom random;

  HardDoubles(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A finite double, of any exponent, or a special one. */
  double next() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextBoolean() ? 0.0 : -0.0;
      case 1 -> Double.MIN_VALUE * random.nextInt(-5, 6);
      case 2 -> random.nextInt(-10, 11);
      case 3 -> anyExponent(-1060, 900);
      case 4 -> anyExponent(-60, 60);
      default -> random.nextDouble(-1, 1);
    };
  }

  /** {@code count} doubles, about a third of them followed somewhere by their negatives. */
  List<Double> cancelling(int count) {
    List<Double> values = new ArrayList<>();
    while (values.size() < count) {
      double value = next();
      values.add(value);
      if (random.nextInt(3) == 0) {
        values.add(-value);
      }
    }
    Collections.shuffle(values, new Random(random.nextLong()));
    return values;
  }

  double anyExponent(int from, int to) {
    return Math.scalb(random.nextDouble(-2, 2), random.nextInt(from, to));
  }
}

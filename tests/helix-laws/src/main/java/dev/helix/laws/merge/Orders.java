package dev.helix.laws.merge;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws orders of shards. */
final class Orders {
  private Orders() {}

  static int[] some(SplittableRandom random, int of, int count) {
    return Arrays.copyOf(shuffled(random, of), count);
  }

  static int[] shuffled(SplittableRandom random, int count) {
    int[] order = range(0, count);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  static int[] reversed(int count) {
    return IntStream.range(0, count).map(i -> count - 1 - i).toArray();
  }

  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}

package dev.helix.laws.cache;

import dev.helix.laws.DrawnCases;
import dev.helix.laws.cache.CacheStep.Brought;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Draws cases of a sharded cache. */
final class CacheDrawing {
  static final DrawnCases<CacheCase> CASES =
      new DrawnCases<>(
          Arrays.stream(CacheHardCase.values())
              .<Function<SplittableRandom, CacheCase>>map(hard -> hard::make)
              .toList(),
          CacheDrawing::ordinary);

  private CacheDrawing() {}

  /** A few requests that come, wait, speculate and go. */
  private static CacheCase ordinary(SplittableRandom random) {
    int requests = 1 + random.nextInt(4);
    List<CacheStep> steps = new ArrayList<>();
    for (int step = 1 + random.nextInt(8); step > 0; step--) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, requests).boxed().toList());
      Collections.shuffle(order, new Random(random.nextLong()));
      List<Brought> brought = new ArrayList<>();
      List<Integer> closed = new ArrayList<>();
      for (int request : order) {
        if (random.nextInt(4) > 0) {
          int tokens = 1 + random.nextInt(random.nextInt(3) == 0 ? 9 : 3);
          boolean drafts = random.nextInt(3) == 0;
          brought.add(new Brought(request, tokens, drafts ? random.nextInt(tokens + 1) : 0));
          if (random.nextInt(8) == 0) {
            closed.add(request);
          }
        }
      }
      int padding = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
      steps.add(new CacheStep(brought, padding, closed));
    }
    return new CacheCase(
        1 + random.nextInt(5), 1 + random.nextInt(3), 1 + random.nextInt(4), steps, Set.of());
  }
}

package dev.helix.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * A source of the cases of a seam. Half of the cases are one of the seam's documented hard cases,
 * and the others are random throughout.
 *
 * @param hard draws one case of each documented kind
 * @param ordinary draws any case
 */
public record DrawnCases<C>(
    List<Function<SplittableRandom, C>> hard, Function<SplittableRandom, C> ordinary) {
  /** Added to jqwik's randomness; a nightly run sets it to see other cases. */
  private static final String SEED = "helix.laws.seed";

  public DrawnCases {
    hard = List.copyOf(hard);
  }

  /**
   * The cases of a seed: every hard case once, then hard and random ones.
   *
   * @param count number of cases in all; every hard case is drawn even if there are more of them
   */
  public List<C> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<C> cases = new ArrayList<>();
    hard.forEach(one -> cases.add(one.apply(random)));
    while (cases.size() < count) {
      cases.add(next(random));
    }
    return List.copyOf(cases);
  }

  /**
   * Cases as jqwik draws and shrinks them.
   *
   * @param simpler simpler cases of the same kind, the greatest simplification first
   * @param size falls from a case to a simpler one
   */
  public Arbitrary<C> arbitrary(Function<C, List<C>> simpler, ToIntFunction<C> size) {
    return Arbitraries.fromGenerator(
        (Random random) ->
            new Simplifiable<>(
                next(new SplittableRandom(random.nextLong() ^ Long.getLong(SEED, 0))),
                simpler,
                size));
  }

  private C next(SplittableRandom random) {
    return random.nextBoolean()
        ? hard.get(random.nextInt(hard.size())).apply(random)
        : ordinary.apply(random);
  }

  private record Simplifiable<C>(C value, Function<C, List<C>> simpler, ToIntFunction<C> size)
      implements Shrinkable<C> {
    @Override
    public Stream<Shrinkable<C>> shrink() {
      return simpler.apply(value).stream().map(less -> new Simplifiable<>(less, simpler, size));
    }

    @Override
    public ShrinkingDistance distance() {
      return ShrinkingDistance.of(size.applyAsInt(value));
    }
  }
}

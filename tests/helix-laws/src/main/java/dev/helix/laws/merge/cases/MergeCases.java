package dev.helix.laws.merge.cases;

import dev.helix.laws.tokens.Needle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * Draws cases that are likely to break a merge. Half of them are one of the documented {@link
 * HardCase}s. The others are unequal shards, some of them empty, whose log-sum-exps are spread over
 * a random range. In a real batch dealt round robin nearly all shards would weigh the same, which
 * hides many faults.
 */
public final class MergeCases {
  /** Added to jqwik's randomness; a nightly run sets it to see other cases. */
  private static final String SEED = "helix.laws.seed";

  private static final double[] SPREADS = {0.1, 2, 20, 100, 800};

  /** The kinds of which a suite tries each case once, behind all others. */
  private static final Set<HardCase> ONCE =
      EnumSet.of(HardCase.TILE_EDGE, HardCase.NEEDLE, HardCase.MANY_ROWS);

  private MergeCases() {}

  /**
   * The cases of a seed: every other hard case once, then random ones, then all edges of tiles, all
   * needles and a case of very many rows, which are long and therefore come last.
   *
   * @param count number of cases besides those long ones; every hard case is drawn even if there
   *     are more of them
   */
  public static List<MergeCase> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<MergeCase> cases = new ArrayList<>();
    for (HardCase hard : EnumSet.complementOf(EnumSet.copyOf(ONCE))) {
      cases.add(hard.make(random));
    }
    while (cases.size() < count) {
      cases.add(next(random));
    }
    cases.addAll(edges(random.nextLong()));
    cases.addAll(needles(random.nextLong()));
    cases.add(manyRows(random.nextLong()));
    return List.copyOf(cases);
  }

  /** The case of very many rows. */
  public static MergeCase manyRows(long seed) {
    return HardCase.MANY_ROWS.make(new SplittableRandom(seed));
  }

  /** The cases of every edge of a tile. */
  public static List<MergeCase> edges(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return TileEdge.all().stream().map(edge -> edge.make(random)).toList();
  }

  /** The cases of every needle. */
  public static List<MergeCase> needles(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Needle.all().stream().map(needle -> NeedleStates.draw(needle, random)).toList();
  }

  static MergeCase next(SplittableRandom random) {
    if (random.nextBoolean()) {
      List<HardCase> all = HardCase.forAnyLaw();
      return all.get(random.nextInt(all.size())).make(random);
    }
    int shards = 1 + random.nextInt(7);
    int tokens = 1 + random.nextInt(3);
    int heads = 1 + random.nextInt(3);
    int dim = 1 + random.nextInt(4);
    double spread = SPREADS[random.nextInt(SPREADS.length)];
    double offset = random.nextInt(4) == 0 ? (random.nextDouble() - 0.5) * 2000 : 0;
    double payload = new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e38}[random.nextInt(3)];
    double[] lses = new double[shards * tokens * heads];
    double[] outputs = new double[lses.length * dim];
    for (int i = 0; i < lses.length; i++) {
      boolean empty = random.nextInt(6) == 0;
      lses[i] = empty ? Double.NEGATIVE_INFINITY : offset + (2 * random.nextDouble() - 1) * spread;
      for (int c = 0; c < dim; c++) {
        outputs[i * dim + c] = empty ? payload : (2 * random.nextDouble() - 1) * 3;
      }
    }
    int[] shape = {shards, tokens, heads, dim};
    return new MergeCase(
        shape, outputs, lses, EnumSet.noneOf(HardCase.class), random.nextLong() >>> 1);
  }

  public static Arbitrary<MergeCase> arbitrary() {
    return Arbitraries.fromGenerator(
        (Random random) -> new Simplifiable(next(new SplittableRandom(seed(random)))));
  }

  public static Arbitrary<MergeCase> hard() {
    List<HardCase> all = HardCase.forAnyLaw();
    return Arbitraries.fromGenerator(
        (Random random) ->
            new Simplifiable(
                all.get(random.nextInt(all.size())).make(new SplittableRandom(seed(random)))));
  }

  private static long seed(Random random) {
    return random.nextLong() ^ Long.getLong(SEED, 0);
  }

  /** A case that jqwik shrinks by the case's own notion of simpler. */
  private record Simplifiable(MergeCase value) implements Shrinkable<MergeCase> {
    @Override
    public Stream<Shrinkable<MergeCase>> shrink() {
      return value.simpler().stream().map(Simplifiable::new);
    }

    @Override
    public ShrinkingDistance distance() {
      return ShrinkingDistance.of(value.size(), value.complexity());
    }
  }
}

package dev.helix.laws.attention;

import dev.helix.attention.convention.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * Cases of partial attention that look for trouble, on the grid of an implementation's formats:
 * half of them one of the {@link AttentionHardCase}s that its features allow, the others small
 * layers with random features, tokens dealt by a rule or one by one.
 */
public final class AttentionCases {
  /** Added to jqwik's randomness; a nightly run sets it to see other cases. */
  private static final String SEED = "helix.laws.seed";

  private static final int[][] HEADS = {
    {1, 1}, {4, 1}, {4, 2}, {8, 2}, {6, 3}, {12, 1}, {28, 7}, {32, 2}
  };

  private static final double[] SPREADS = {0.5, 2, 12};

  private AttentionCases() {}

  /**
   * The cases of a seed: every hard case that the features allow, in each of its variants, then
   * random ones.
   *
   * @param count number of cases in all; every hard case is drawn even if there are more of them
   */
  public static List<AttentionCase> of(
      Precision precision, Set<AttentionFeature> features, long seed, int count) {
    AttentionDrawing drawing =
        new AttentionDrawing(new SplittableRandom(seed), precision, features);
    List<AttentionCase> cases = new ArrayList<>();
    for (AttentionHardCase hard : hardFor(features)) {
      for (int variant = 0; variant < hard.variants(features); variant++) {
        cases.add(hard.make(drawing, variant));
      }
    }
    while (cases.size() < count) {
      cases.add(next(drawing));
    }
    return List.copyOf(cases);
  }

  /** Cases as jqwik draws and shrinks them. */
  public static Arbitrary<AttentionCase> arbitrary(
      Precision precision, Set<AttentionFeature> features) {
    return Arbitraries.fromGenerator(
        (Random random) ->
            new Simplifiable(
                next(
                    new AttentionDrawing(
                        new SplittableRandom(random.nextLong() ^ Long.getLong(SEED, 0)),
                        precision,
                        features))));
  }

  private static List<AttentionHardCase> hardFor(Set<AttentionFeature> features) {
    return Arrays.stream(AttentionHardCase.values()).filter(hard -> hard.isFor(features)).toList();
  }

  private static AttentionCase next(AttentionDrawing drawing) {
    if (drawing.maybe()) {
      List<AttentionHardCase> hard = hardFor(drawing.features());
      return hard.get(drawing.below(hard.size())).make(drawing);
    }
    int[] heads = HEADS[drawing.below(drawing.below(3) == 0 ? HEADS.length : 5)];
    boolean many = heads[0] > 8;
    int tokens = drawing.from(1, many ? 2 : 4);
    int keyDim = drawing.from(1, many ? 2 : 7);
    int valueDim = drawing.from(1, many ? 2 : 7);
    int context = tokens - 1 + drawing.below(many ? 4 : 12);
    AttentionDraft draft =
        drawing.drawn(
            tokens,
            heads,
            keyDim,
            valueDim,
            owners(drawing, context),
            SPREADS[drawing.below(SPREADS.length)]);
    if (drawing.below(6) == 0) {
      draft.queryPositions =
          IntStream.generate(() -> drawing.below(context + 3)).limit(tokens).sorted().toArray();
    }
    ask(drawing, draft);
    return drawing.done(draft);
  }

  private static TokenOwners owners(AttentionDrawing drawing, int context) {
    int shards = drawing.from(1, 4);
    return switch (drawing.below(6)) {
      case 0 -> TokenOwners.contiguous(shards, context);
      case 1 ->
          TokenOwners.oneByOne(
              shards, IntStream.generate(() -> drawing.below(shards)).limit(context).toArray());
      case 2 -> {
        // Most tokens in one shard.
        int fullest = drawing.below(shards);
        yield TokenOwners.oneByOne(
            shards,
            IntStream.generate(() -> drawing.below(4) == 0 ? drawing.below(shards) : fullest)
                .limit(context)
                .toArray());
      }
      default -> TokenOwners.inRuns(shards, drawing.from(1, 3), context);
    };
  }

  /** Slopes only where tokens are dealt by a rule: this project's views know positions by it. */
  private static void ask(AttentionDrawing drawing, AttentionDraft draft) {
    draft.softCap =
        drawing.asks(AttentionFeature.SOFT_CAP, 2) ? 2 + 6 * drawing.below(5) : draft.softCap;
    draft.window = drawing.asks(AttentionFeature.WINDOW, 3) ? drawing.from(1, 4) : draft.window;
    if (drawing.asks(AttentionFeature.SINK, 3)) {
      draft.sinks = drawing.onScoreGrid(draft.heads, head -> drawing.spread(3));
    }
    if (draft.owners.placement().isPresent() && drawing.asks(AttentionFeature.ALIBI, 3)) {
      draft.slopes = drawing.onScoreGrid(draft.heads, head -> Math.abs(drawing.spread(1)));
    }
    if (drawing.asks(AttentionFeature.QUANTISATION_SCALES, 2)) {
      draft.keyScale = 0.25;
      draft.valueScale = 4;
    }
  }

  /** A case that jqwik shrinks by the case's own notion of simpler. */
  private record Simplifiable(AttentionCase value) implements Shrinkable<AttentionCase> {
    @Override
    public Stream<Shrinkable<AttentionCase>> shrink() {
      return value.simpler().stream().map(Simplifiable::new);
    }

    @Override
    public ShrinkingDistance distance() {
      return ShrinkingDistance.of(value.size(), value.complexity());
    }
  }
}

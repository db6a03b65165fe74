package dev.helix.laws.attention;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.laws.tokens.Needle;
import dev.helix.laws.tokens.TokenOwners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Cases of a suite, and suites, that are kept at most. */
  private static final int MOST_KEPT = 200;

  private static final int SUITES_KEPT = 3;

  private static final Map<List<Object>, List<AttentionCase>> DRAWN = new LinkedHashMap<>();

  private AttentionCases() {}

  /**
   * The cases of a seed: every hard case that the features allow, in each of its variants, then
   * random ones, then the least needles.
   *
   * @param count number of cases without the needles; every hard case is drawn even if there are
   *     more of them
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
    if (AttentionHardCase.NEEDLE.isFor(features)) {
      Needle.least().forEach(needle -> cases.add(NeedleInTokens.draw(drawing, needle)));
    }
    return List.copyOf(cases);
  }

  /** Laws are tried on the same cases one after the other, and what is known of a case is kept. */
  private static List<AttentionCase> drawn(
      Precision precision, Set<AttentionFeature> features, long seed, int count) {
    if (count > MOST_KEPT) {
      return of(precision, features, seed, count);
    }
    List<Object> key = List.of(precision, Set.copyOf(features), seed, count);
    synchronized (DRAWN) {
      List<AttentionCase> known = DRAWN.remove(key);
      List<AttentionCase> cases = known == null ? of(precision, features, seed, count) : known;
      DRAWN.put(key, cases);
      while (DRAWN.size() > SUITES_KEPT) {
        DRAWN.remove(DRAWN.keySet().iterator().next());
      }
      return cases;
    }
  }

  /** A case of each of some needles. */
  public static List<AttentionCase> needles(
      Precision precision, Set<AttentionFeature> features, long seed, List<Needle> needles) {
    AttentionDrawing drawing =
        new AttentionDrawing(new SplittableRandom(seed), precision, features);
    return needles.stream().map(needle -> NeedleInTokens.draw(drawing, needle)).toList();
  }

  /** The laws of partial attention, as they are held against one implementation. */
  static SeamTrials<AttentionCase> trials(AttentionUnderTest subject) {
    return new SeamTrials<>() {
      @Override
      public List<AttentionCase> cases(long seed, int count) {
        return drawn(subject.convention().precision(), subject.features(), seed, count);
      }

      @Override
      public Trial trial(Law law, AttentionCase given) {
        return new AttentionTrial(law, subject, given);
      }

      @Override
      public boolean applies(Law law) {
        return law != Law.ATTENTION_NEEDLE || AttentionHardCase.NEEDLE.isFor(subject.features());
      }

      @Override
      public boolean applies(Law law, AttentionCase given) {
        return given.hard().contains(AttentionHardCase.NEEDLE) == (law == Law.ATTENTION_NEEDLE);
      }

      @Override
      public String inFull(AttentionCase given) {
        return given.inFull();
      }

      @Override
      public List<AttentionCase> simpler(AttentionCase given) {
        return given.simpler();
      }

      @Override
      public Map<String, Integer> sizes(AttentionCase given) {
        return lengths(given);
      }

      @Override
      public boolean isLong(AttentionCase given) {
        return given.isLong();
      }

      @Override
      public boolean judgesAnswers() {
        return true;
      }
    };
  }

  /** The length of each axis of a case. */
  private static Map<String, Integer> lengths(AttentionCase given) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put("shards", given.shards());
    lengths.put("tokens of a shard", mostOfShard(given));
    lengths.put("query tokens", given.tokens());
    lengths.put("heads", given.heads());
    lengths.put("KV heads", given.kvHeads());
    lengths.put("components of a key", given.keyDim());
    lengths.put("components of a value", given.valueDim());
    return lengths;
  }

  private static int mostOfShard(AttentionCase given) {
    return given.hard().contains(AttentionHardCase.NEEDLE)
        ? NeedleInTokens.mostOfShard(given)
        : IntStream.range(0, given.shards())
            .map(shard -> given.owners().positions(shard).length)
            .max()
            .orElse(0);
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
    return AttentionHardCase.forAnyLaw().stream().filter(hard -> hard.isFor(features)).toList();
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

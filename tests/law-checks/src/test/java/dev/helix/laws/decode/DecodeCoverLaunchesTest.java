package dev.helix.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.ForwardingLatentKernels;
import dev.helix.attention.faults.Views;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every two choices of the cover meet in a step that kernels see, and a fault of both is found. */
class DecodeCoverLaunchesTest {
  private static final int SEEDS = 2;

  /**
   * What one rank's kernels see in a step.
   *
   * @param requests that bring tokens to the step
   * @param longest view of a row
   * @param kept tokens of a request that the rank keeps, those before the window included
   */
  private record Launch(
      Step step, Piece piece, ScoreRule rule, long requests, int longest, int kept) {
    String heads() {
      return step.heads;
    }

    boolean window() {
      return rule.window().isPresent();
    }

    boolean sinks() {
      return !rule.sinks().isEmpty();
    }

    boolean cap() {
      return rule.softCap().isPresent();
    }

    boolean slopes() {
      return !rule.alibiSlopes().isEmpty();
    }

    boolean overlapped() {
      return !piece.isWhole();
    }
  }

  /** What kernels do where they launch an attention. */
  private interface Launched {
    /**
     * Changes what the launch sees.
     *
     * @param step of the rank, from 0
     */
    List<KvView<Fp64Tensor>> seen(int step, Launch launch, List<KvView<Fp64Tensor>> views);

    default ScoreRule rule(Launch launch) {
      return launch.rule;
    }
  }

  /** A rank's step as its kernels know it. */
  private static final class Step {
    final DecodeVariant.Place place;
    int number = -1;
    String heads = "";
    long requests;

    Step(DecodeVariant.Place place) {
      this.place = place;
    }

    void begins(String kind, List<QueryToken> tokens) {
      number++;
      heads = kind;
      requests = tokens.stream().map(QueryToken::request).distinct().count();
    }

    Launch launch(Piece piece, ScoreRule rule, List<? extends KvView<?>> views) {
      int longest = views.stream().mapToInt(KvView::length).max().orElse(0);
      int kept = views.stream().mapToInt(view -> view.first() + view.length()).max().orElse(0);
      return new Launch(this, piece, rule, requests, longest, kept);
    }
  }

  /** The decode whose kernels do this in their launches. */
  private static DecodeUnderTest decode(Launched launched) {
    return new DecodeUnderTest() {
      @Override
      public AttentionKernels<Fp64Tensor> kernels(
          Place place, AttentionKernels<Fp64Tensor> correct) {
        return new Grouped(new Step(place), launched, correct);
      }

      @Override
      public LatentKernels<Fp64Tensor> latentKernels(
          Place place, LatentKernels<Fp64Tensor> correct) {
        return new Latent(new Step(place), launched, correct);
      }
    };
  }

  private static final class Grouped extends ForwardingAttentionKernels<Fp64Tensor> {
    private final Step step;
    private final Launched launched;

    Grouped(Step step, Launched launched, AttentionKernels<Fp64Tensor> correct) {
      super(correct);
      this.step = step;
      this.launched = launched;
    }

    @Override
    public RotatedQkv<Fp64Tensor> rotaryQkv(
        Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
      step.begins(shape.queryHeads() > shape.kvHeads() ? "grouped" : "one head", tokens);
      return super.rotaryQkv(qkv, shape, rotary, tokens);
    }

    @Override
    public PartialAttention<Fp64Tensor> flashDecode(
        Piece piece,
        Fp64Tensor queries,
        List<KvView<Fp64Tensor>> views,
        ScoreRule rule,
        int valueDim) {
      Launch launch = step.launch(piece, rule, views);
      List<KvView<Fp64Tensor>> seen = launched.seen(step.number, launch, views);
      return super.flashDecode(piece, queries, seen, launched.rule(launch), valueDim);
    }
  }

  private static final class Latent extends ForwardingLatentKernels<Fp64Tensor> {
    private final Step step;
    private final Launched launched;

    Latent(Step step, Launched launched, LatentKernels<Fp64Tensor> correct) {
      super(correct);
      this.step = step;
      this.launched = launched;
    }

    @Override
    public RotatedLatent<Fp64Tensor> rotaryLatent(
        ProjectedLatent<Fp64Tensor> projected,
        LatentShape shape,
        RotaryEmbedding rotary,
        List<QueryToken> tokens) {
      step.begins("latent", tokens);
      return super.rotaryLatent(projected, shape, rotary, tokens);
    }

    @Override
    public PartialAttention<Fp64Tensor> flashDecodeLatent(
        Piece piece,
        Fp64Tensor queries,
        List<KvView<Fp64Tensor>> views,
        ScoreRule rule,
        int valueDim) {
      Launch launch = step.launch(piece, rule, views);
      List<KvView<Fp64Tensor>> seen = launched.seen(step.number, launch, views);
      return super.flashDecodeLatent(piece, queries, seen, rule, valueDim);
    }
  }

  /** A request alone is one piece with HOP-B too, so that no launch has both. */
  @Test
  void everyTwoChoicesMeetInSomeStep() {
    Set<String> missing = DecodeCoverTest.expected();
    missing.remove("1 request + HOP-B");
    for (DecodeCase given : DecodeCoverTest.cases(1)) {
      for (List<Launch> step : steps(given)) {
        missing.removeAll(DecodeCoverTest.pairs(List.of(choices(given, step))));
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** All launches of all ranks, by step. */
  private static List<List<Launch>> steps(DecodeCase given) {
    List<List<Launch>> steps = new ArrayList<>();
    given.steps().forEach(step -> steps.add(new ArrayList<>()));
    DecodeUnderTest watched =
        decode(
            (step, launch, views) -> {
              synchronized (steps) {
                steps.get(step).add(launch);
              }
              return views;
            });
    DecodeRanks.of(watched, given).decode();
    return steps;
  }

  /** In the words of the cover; what a step shows neither way is left out. */
  private static List<String> choices(DecodeCase given, List<Launch> step) {
    List<String> choices = new ArrayList<>();
    choices.add(step.stream().anyMatch(Launch::window) ? "window" : "no window");
    choices.add(step.stream().anyMatch(Launch::sinks) ? "sinks" : "no sinks");
    choices.add(step.stream().anyMatch(Launch::cap) ? "cap" : "no cap");
    choices.add(step.stream().anyMatch(Launch::slopes) ? "slopes" : "no slopes");
    Set<Integer> living = new TreeSet<>();
    step.stream().filter(one -> one.kept > 0).forEach(one -> living.add(one.step.place.rank()));
    int last = given.layout().ranks() - 1;
    if (living.size() > last) {
      choices.add("no rank empty");
    } else if (living.size() == last) {
      boolean first = !living.contains(0);
      choices.add(first ? "first empty" : living.contains(last) ? "middle empty" : "last empty");
    }
    long requests = step.get(0).requests;
    if (requests == 1 || requests == 3) {
      choices.add(requests == 1 ? "1 request" : "3 requests");
    }
    choices.add(step.stream().anyMatch(one -> one.longest > 64) ? "beyond a tile" : "short");
    choices.add(step.get(0).heads());
    choices.add(step.get(0).overlapped() ? "HOP-B" : "all at once");
    return choices;
  }

  static Stream<Arguments> faultsOfTwoChoices() {
    return Stream.of(
        fault("HOP-B of three requests", one -> one.piece.count() == 3),
        fault("a window and HOP-B", one -> one.window() && one.overlapped()),
        fault("a window beyond a tile", one -> one.window() && one.longest > 64),
        fault("a cap and slopes", one -> one.cap() && one.slopes()),
        fault("slopes beyond a tile", one -> one.slopes() && one.longest > 64),
        fault("latents beyond a tile", one -> one.heads().equals("latent") && one.longest > 64),
        fault(
            "latents of three requests", one -> one.heads().equals("latent") && one.requests == 3));
  }

  private static Arguments fault(String ofBoth, Predicate<Launch> both) {
    return Arguments.of(ofBoth, both);
  }

  /** Where both choices meet, each row misses the last token that its rank keeps. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfTwoChoices")
  void aFaultOfTwoChoicesFallsOnTheCoverOfEachSeed(String name, Predicate<Launch> both) {
    DecodeUnderTest faulty =
        decode(
            (step, launch, views) ->
                both.test(launch)
                    ? views.stream()
                        .map(view -> Views.part(view, view.first(), Math.max(0, view.length() - 1)))
                        .toList()
                    : views);
    for (long seed = 1; seed <= SEEDS; seed++) {
      falls(name, faulty, seed);
    }
  }

  @Test
  void sinksThatCountTwiceUnderAWindowAloneFallOnTheCoverOfEachSeed() {
    DecodeUnderTest faulty =
        decode(
            new Launched() {
              @Override
              public List<KvView<Fp64Tensor>> seen(
                  int step, Launch launch, List<KvView<Fp64Tensor>> views) {
                return views;
              }

              @Override
              public ScoreRule rule(Launch launch) {
                List<Double> twice =
                    launch.rule.sinks().stream().map(sink -> sink + Math.log(2)).toList();
                return launch.window() && launch.sinks()
                    ? launch.rule.withSinks(twice)
                    : launch.rule;
              }
            });
    for (long seed = 1; seed <= SEEDS; seed++) {
      falls("sinks under a window", faulty, seed);
    }
  }

  private static void falls(String name, DecodeUnderTest faulty, long seed) {
    LawOutcome outcome =
        DecodeCoverTest.cases(seed).stream()
            .map(given -> LawSuite.once(Law.DECODE_UNSHARDED, faulty.laws(), given))
            .filter(one -> !one.holds())
            .findFirst()
            .orElseThrow(() -> new AssertionError(name + " survives seed " + seed));
    assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
  }
}

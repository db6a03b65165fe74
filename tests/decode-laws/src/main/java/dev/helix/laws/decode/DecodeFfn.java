package dev.helix.laws.decode;

import dev.helix.ffn.FfnShape;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.ffn.definition.GatedWeights;
import dev.helix.ffn.definition.MoeDefinition;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.ffn.helix.MoeSettings;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The FFNs of a case, drawn from its seed: a dense one, and a mixture with a shared expert whose
 * router cannot decide. Inputs and router weights are small multiples of 1/4, so that logits are
 * exact whatever computes them, and experts share rows of the router, so that they tie.
 */
final class DecodeFfn {
  final FfnSharding dense;
  final MoeSharding mixture;
  final MoeSettings moe;
  final RouterRule rule;
  final int rows;
  private final int hidden;
  private final double[] x;
  private final Gated denseWeights;
  private final List<Gated> experts = new ArrayList<>();
  private final Gated shared;
  private final double[] router;
  private final double[] bias;

  DecodeFfn(DecodeCase given) {
    SplittableRandom random = new SplittableRandom(~given.seed());
    Layout layout = given.layout();
    int ranks = layout.ranks();
    hidden = given.shape().hidden();
    rows = 1 + random.nextInt(4);
    x = quarters(random, rows * hidden, 4);
    dense =
        new FfnSharding(
            new FfnShape(hidden, ranks * (1 + random.nextInt(3))),
            Layout.dense(layout.kvp(), layout.tpa()));
    int count = Math.max(2, layout.ep() * (1 + random.nextInt(4)));
    count += count % layout.ep() == 0 ? 0 : layout.ep() - count % layout.ep();
    mixture =
        new MoeSharding(
            new MoeShape(hidden, count, layout.tpf() * (1 + random.nextInt(3)), ranks), layout);
    rule = rule(random, count);
    denseWeights = new Gated(random, hidden, dense.shape().intermediate());
    for (int expert = 0; expert < count; expert++) {
      experts.add(new Gated(random, hidden, mixture.shape().intermediate()));
    }
    shared = new Gated(random, hidden, ranks);
    router = quarters(random, count * hidden, 8);
    for (int expert = 1; expert < count; expert++) {
      if (random.nextBoolean()) {
        int like = random.nextInt(expert);
        System.arraycopy(router, like * hidden, router, expert * hidden, hidden);
      }
    }
    bias = random.nextBoolean() ? new double[count] : quarters(random, count, 1);
    moe =
        new MoeSettings(
            mixture,
            new MoeExchange(
                random.nextBoolean() ? MoeExchange.Router.REPLICATED : MoeExchange.Router.SPLIT,
                random.nextBoolean() ? MoeExchange.Reduction.ONE : MoeExchange.Reduction.BY_GROUP));
  }

  /**
   * Draws a rule of Mixtral's kind or of DeepSeek's, the latter with two groups if the experts
   * allow it.
   */
  private static RouterRule rule(SplittableRandom random, int experts) {
    int topK = 1 + random.nextInt(Math.min(3, experts));
    if (random.nextBoolean()) {
      return RouterRule.plain(experts, topK, random.nextBoolean());
    }
    boolean halves = experts % 2 == 0 && experts >= 4;
    int kept = halves && topK <= experts / 2 ? 1 + random.nextInt(2) : 1;
    return new RouterRule(
        RouterRule.Scoring.SIGMOID,
        experts,
        topK,
        halves && topK <= experts / 2 ? 2 : 1,
        kept,
        RouterRule.GroupScore.BEST_TWO,
        true,
        2.5);
  }

  private static double[] quarters(SplittableRandom random, int count, int most) {
    return random.ints(count, -most, most + 1).mapToDouble(i -> i / 4.0).toArray();
  }

  /** The input, {@code [rows, hidden]}. */
  double[] x() {
    return x.clone();
  }

  double[] x(int row) {
    return Arrays.copyOfRange(x, row * hidden, (row + 1) * hidden);
  }

  int hidden() {
    return hidden;
  }

  double[] bias() {
    return bias.clone();
  }

  /** A rank's rows of the router, {@code [all or ⌈E/N⌉, hidden]}. */
  double[] routerRows(int rank) {
    double[] own = new double[moe.routerRows() * hidden];
    int from = own.length == router.length ? 0 : Math.min(router.length, rank * own.length);
    System.arraycopy(router, from, own, 0, Math.min(own.length, router.length - from));
    return own;
  }

  Slices denseSlices(int rank) {
    return denseWeights.slices(dense.firstColumn(rank), dense.localColumns());
  }

  Slices sharedSlices(int rank) {
    return shared.slices(mixture.shared().firstColumn(rank), mixture.shared().localColumns());
  }

  /** The rank's columns of each expert of its group, in order. */
  List<Slices> expertSlices(int rank) {
    int first = mixture.firstExpert(rank);
    return experts.subList(first, first + mixture.localExperts()).stream()
        .map(expert -> expert.slices(mixture.firstColumn(rank), mixture.localColumns()))
        .toList();
  }

  UnshardedSwiGlu denseBaseline() {
    return denseWeights.baseline();
  }

  GatedWeights denseDefinition() {
    return denseWeights.definition();
  }

  UnshardedMoe mixtureBaseline() {
    return new UnshardedMoe(
        mixture.shape(),
        rule,
        router,
        bias,
        experts.stream().map(Gated::baseline).toList(),
        Optional.of(shared.baseline()));
  }

  MoeDefinition mixtureDefinition() {
    return new MoeDefinition(
        rule,
        router,
        bias,
        experts.stream().map(Gated::definition).toList(),
        Optional.of(shared.definition()));
  }

  /** A rank's columns of one expert: gates and ups stacked, and the matching part of down. */
  static final class Slices {
    final double[] gateUp;
    final double[] down;

    Slices(double[] gateUp, double[] down) {
      this.gateUp = gateUp;
      this.down = down;
    }
  }

  /** A gated FFN, unsharded. */
  private static final class Gated {
    private final int hidden;
    private final int intermediate;
    private final double[] gate;
    private final double[] up;
    private final double[] down;

    Gated(SplittableRandom random, int hidden, int intermediate) {
      this.hidden = hidden;
      this.intermediate = intermediate;
      this.gate = DecodeWeights.matrix(random, intermediate, hidden, 2);
      this.up = DecodeWeights.matrix(random, intermediate, hidden, 2);
      this.down = DecodeWeights.matrix(random, hidden, intermediate, 1);
    }

    Slices slices(int first, int count) {
      double[] gateUp =
          Stream.of(gate, up)
              .map(all -> Arrays.copyOfRange(all, first * hidden, (first + count) * hidden))
              .flatMapToDouble(Arrays::stream)
              .toArray();
      return new Slices(gateUp, DecodeWeights.columns(down, hidden, first, count));
    }

    UnshardedSwiGlu baseline() {
      return new UnshardedSwiGlu(hidden, intermediate, gate, up, down);
    }

    GatedWeights definition() {
      return new GatedWeights(gate, up, down);
    }
  }
}

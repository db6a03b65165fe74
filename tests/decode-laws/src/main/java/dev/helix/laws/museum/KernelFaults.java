package dev.helix.laws.museum;

import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.algebra.PartialState;
import dev.helix.laws.museum.FaultyFlashDecode.Launch;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What goes wrong around a launch of decode attention: each method is a fault. */
final class KernelFaults {
  private static final int LAST = Integer.MAX_VALUE;

  private KernelFaults() {}

  /** Rows that see nothing come back with this output and log-sum-exp. */
  static PartialAttention<Fp64Tensor> empty(Launch launch, double output, double lse) {
    PartialAttention<Fp64Tensor> part = launch.run();
    int heads = heads(launch);
    for (int row = 0; row < launch.views().size(); row++) {
      for (int head = 0; head < heads; head++) {
        int at = row * heads + head;
        if (part.lse().region().get(at) == Double.NEGATIVE_INFINITY) {
          double[] rubbish = new double[launch.valueDim()];
          Arrays.fill(rubbish, output);
          write(part, at, rubbish, lse);
        }
      }
    }
    return part;
  }

  /** The newest row sees all slots of its pages, written or not. */
  static PartialAttention<Fp64Tensor> padding(Launch launch) {
    return seeing(
        launch,
        view ->
            view.first() + view.length() < launch.written(view)
                ? view
                : FaultyKernels.of(view, LAST));
  }

  /** Log-sum-exps of scores before the scale. */
  static PartialAttention<Fp64Tensor> otherStats(Launch launch) {
    ScoreRule rule = launch.rule();
    ScoreRule unscaled =
        new ScoreRule(1, rule.softCap(), rule.window(), rule.sinks(), rule.alibiSlopes());
    return new PartialAttention<>(launch.run().output(), launch.with(unscaled).run().lse());
  }

  /** Slots out of sight have a score of −cap; those that were never written hold 0. */
  static PartialAttention<Fp64Tensor> capAfterMask(Launch launch) {
    PartialAttention<Fp64Tensor> part = launch.run();
    if (launch.rule().softCap().isEmpty()) {
      return part;
    }
    double cap = launch.rule().softCap().getAsDouble();
    // Products times 0: every masked slot counts alike.
    Launch alike = launch.with(ScoreRule.ofScale(0));
    Launch before =
        alike.with(launch.views().stream().map(view -> part(view, 0, view.first())).toList());
    Launch behind =
        alike.with(
            launch.views().stream()
                .map(
                    view ->
                        FaultyKernels.of(
                            part(view, view.first() + view.length(), 0), launch.written(view)))
                .toList());
    for (PartialAttention<Fp64Tensor> masked : List.of(before.run(), behind.run())) {
      for (int at = 0; at < launch.views().size() * heads(launch); at++) {
        merge(launch, part, at, state(launch, masked, at, masked.lse().region().get(at) - cap));
      }
    }
    for (int at = 0; at < launch.views().size() * heads(launch); at++) {
      KvView<Fp64Tensor> view = launch.views().get(at / heads(launch));
      int unwritten = FaultyKernels.of(view, LAST).length() + view.first() - launch.written(view);
      double lse = Math.log(unwritten) - cap;
      merge(
          launch, part, at, PartialState.ofFinished(new double[launch.valueDim()], lse, LogBase.E));
    }
    return part;
  }

  private static void merge(
      Launch launch, PartialAttention<Fp64Tensor> part, int at, PartialState more) {
    PartialState with = state(launch, part, at, part.lse().region().get(at)).merge(more);
    write(part, at, with.output(), with.lse(LogBase.E));
  }

  /** No cap. */
  static PartialAttention<Fp64Tensor> uncapped(Launch launch) {
    ScoreRule rule = launch.rule();
    return launch
        .with(
            new ScoreRule(
                rule.scale(),
                OptionalDouble.empty(),
                rule.window(),
                rule.sinks(),
                rule.alibiSlopes()))
        .run();
  }

  /** Other sinks than the rank should bring. */
  static PartialAttention<Fp64Tensor> sinks(Launch launch, List<Double> sinks) {
    return launch.with(launch.rule().withSinks(sinks)).run();
  }

  /**
   * exp(s − m) is rounded to BF16 where it multiplies a value, not in the sum that divides. A
   * token's score is the log-sum-exp of the kernel on that token alone.
   */
  static PartialAttention<Fp64Tensor> roundedNumerator(Launch launch) {
    PartialAttention<Fp64Tensor> part = launch.run();
    List<PartialAttention<Fp64Tensor>> tokens = new ArrayList<>();
    int longest = launch.views().stream().mapToInt(KvView::length).max().orElseThrow();
    for (int token = 0; token < longest; token++) {
      int at = token;
      List<KvView<Fp64Tensor>> alone =
          launch.views().stream()
              .map(view -> part(view, view.first() + at, at < view.length() ? 1 : 0))
              .toList();
      tokens.add(launch.with(launch.rule().withSinks(List.of())).with(alone).run());
    }
    for (int at = 0; at < launch.views().size() * heads(launch); at++) {
      double lse = part.lse().region().get(at);
      double greatest = launch.rule().sink(at % heads(launch));
      for (PartialAttention<Fp64Tensor> token : tokens) {
        greatest = Math.max(greatest, token.lse().region().get(at));
      }
      if (greatest == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double[] sum = new double[launch.valueDim()];
      for (PartialAttention<Fp64Tensor> token : tokens) {
        double weight = DType.BF16.round(Math.exp(token.lse().region().get(at) - greatest));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += weight * token.output().region().get((long) at * sum.length + i);
        }
      }
      double total = Math.exp(lse - greatest);
      write(part, at, Arrays.stream(sum).map(x -> x / total).toArray(), lse);
    }
    return part;
  }

  /** Query head h reads KV head h mod K. */
  static PartialAttention<Fp64Tensor> otherGroups(Launch launch) {
    int kvHeads = kvHeads(launch);
    return reading(launch, head -> head % kvHeads);
  }

  /**
   * A rank counts query heads from the first that it keeps after the exchange, and divides that
   * index by Q/K.
   */
  static PartialAttention<Fp64Tensor> restartedRatio(Launch launch) {
    int ranks =
        launch.views().stream()
            .flatMap(view -> view.positions().stream())
            .mapToInt(at -> at.placement().shards())
            .findFirst()
            .orElse(1);
    int kept = Math.max(1, heads(launch) / ranks);
    int ratio = heads(launch) / kvHeads(launch);
    return reading(launch, head -> head % kept / ratio);
  }

  /**
   * Query heads read other KV heads than their own. Launch s has each one s groups further on; a
   * head's result is taken from the launch in which it stood where it reads.
   */
  private static PartialAttention<Fp64Tensor> reading(Launch launch, IntUnaryOperator kvHeadOf) {
    int heads = heads(launch);
    int kvHeads = kvHeads(launch);
    int ratio = heads / kvHeads;
    List<PartialAttention<Fp64Tensor>> turned = new ArrayList<>();
    for (int turn = 0; turn < kvHeads; turn++) {
      int by = turn * ratio;
      turned.add(moved(launch, IntStream.range(0, heads).map(h -> (h + by) % heads).toArray()));
    }
    PartialAttention<Fp64Tensor> part = turned.get(0);
    for (int at = 0; at < launch.views().size() * heads; at++) {
      int head = at % heads;
      int turn = Math.floorMod(kvHeadOf.applyAsInt(head) - head / ratio, kvHeads);
      PartialAttention<Fp64Tensor> from = turned.get(turn);
      double[] output = new double[launch.valueDim()];
      for (int i = 0; i < output.length; i++) {
        output[i] = from.output().region().get((long) at * output.length + i);
      }
      write(part, at, output, from.lse().region().get(at));
    }
    return part;
  }

  /** Heads change places before the launch, and back behind it. */
  private static PartialAttention<Fp64Tensor> moved(Launch launch, int[] place) {
    ScoreRule rule = launch.rule();
    ScoreRule moved =
        rule.withSinks(moved(rule.sinks(), place)).withAlibi(moved(rule.alibiSlopes(), place));
    int[] back = new int[place.length];
    for (int head = 0; head < place.length; head++) {
      back[place[head]] = head;
    }
    move(launch.queries(), place);
    PartialAttention<Fp64Tensor> part = launch.with(moved).run();
    move(launch.queries(), back);
    move(part.output(), back);
    move(part.lse(), back);
    return part;
  }

  private static int kvHeads(Launch launch) {
    return launch.views().stream()
        .filter(view -> view.length() > 0)
        .mapToInt(view -> view.pages().get(0).keys().spec().size(Axis.KV_HEADS))
        .findFirst()
        .orElse(1);
  }

  private static List<Double> moved(List<Double> ofHeads, int[] place) {
    List<Double> result = new ArrayList<>(ofHeads);
    for (int head = 0; head < ofHeads.size(); head++) {
      result.set(place[head], ofHeads.get(head));
    }
    return result;
  }

  /** Head h of {@code [batch, heads, ..]} to {@code place[h]}, in place. */
  private static void move(Fp64Tensor tensor, int[] place) {
    double[] all = tensor.toArray();
    int width = all.length / place.length / tensor.spec().size(Axis.BATCH);
    for (int i = 0; i < all.length; i++) {
      int run = i / width;
      int row = run / place.length;
      int to = row * place.length + place[run % place.length];
      tensor.region().set((long) to * width + i % width, all[i]);
    }
  }

  /** The causal bound, a position, is compared with slots. */
  static PartialAttention<Fp64Tensor> localBound(Launch launch) {
    return seeing(
        launch,
        view ->
            view.positions()
                .map(at -> Math.min(launch.written(view), at.query() + 1))
                .map(end -> FaultyKernels.of(view, end))
                .orElse(view));
  }

  private static PartialAttention<Fp64Tensor> seeing(
      Launch launch, UnaryOperator<KvView<Fp64Tensor>> change) {
    return launch.with(launch.views().stream().map(change).toList()).run();
  }

  private static KvView<Fp64Tensor> part(KvView<Fp64Tensor> view, int first, int length) {
    return new KvView<>(view.pages(), length, first, view.positions());
  }

  private static int heads(Launch launch) {
    return launch.queries().spec().size(Axis.HEADS);
  }

  private static PartialState state(
      Launch launch, PartialAttention<Fp64Tensor> part, int at, double lse) {
    double[] output = new double[launch.valueDim()];
    for (int i = 0; i < output.length; i++) {
      output[i] = part.output().region().get((long) at * output.length + i);
    }
    return PartialState.ofFinished(output, lse, LogBase.E);
  }

  private static void write(
      PartialAttention<Fp64Tensor> part, int at, double[] output, double lse) {
    for (int i = 0; i < output.length; i++) {
      part.output().region().set((long) at * output.length + i, output[i]);
    }
    part.lse().region().set(at, lse);
  }
}

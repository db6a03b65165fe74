package dev.helix.attention.faults.kernel;

import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.Views;
import dev.helix.tensor.DType;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The changes that faults make to a launch of decode attention; each method is one fault. */
final class KernelChanges {
  private KernelChanges() {}

  /** Rows that see nothing return a log-sum-exp of +∞. */
  static <T extends Tensor> PartialAttention<T> emptyIsInfinite(HealthyLaunch<T> launch) {
    return empty(launch, 0, Double.POSITIVE_INFINITY);
  }

  /** Rows that see nothing return numbers that look like a state. */
  static <T extends Tensor> PartialAttention<T> emptyIsRubbish(HealthyLaunch<T> launch) {
    return empty(launch, 0.25, 0.25);
  }

  private static <T extends Tensor> PartialAttention<T> empty(
      HealthyLaunch<T> launch, double output, double lse) {
    HostStates<T> states = launch.states();
    double[] rubbish = new double[launch.valueDim()];
    Arrays.fill(rubbish, output);
    for (int at = 0; at < launch.rows(); at++) {
      if (states.lses[at] == Double.NEGATIVE_INFINITY) {
        states.write(at, rubbish, lse);
      }
    }
    return states.tensors();
  }

  /** The newest row sees all slots of its pages, written or not. */
  static <T extends Tensor> PartialAttention<T> padding(HealthyLaunch<T> launch) {
    return launch
        .seeing(
            view ->
                view.first() + view.length() < launch.written(view)
                    ? view
                    : Views.ofWholePages(view))
        .run();
  }

  /** Log-sum-exps are those of scores before the scale. */
  static <T extends Tensor> PartialAttention<T> otherStats(HealthyLaunch<T> launch) {
    ScoreRule rule = launch.rule();
    ScoreRule unscaled =
        new ScoreRule(1, rule.softCap(), rule.window(), rule.sinks(), rule.alibiSlopes());
    return new PartialAttention<>(launch.run().output(), launch.with(unscaled).run().lse());
  }

  /** Slots that are out of sight have a score of −cap; those that were never written hold 0. */
  static <T extends Tensor> PartialAttention<T> capAfterMask(HealthyLaunch<T> launch) {
    if (launch.rule().softCap().isEmpty()) {
      return launch.run();
    }
    double cap = launch.rule().softCap().getAsDouble();
    // With products times 0 every masked slot counts the same.
    HealthyLaunch<T> alike = launch.with(ScoreRule.ofScale(0));
    HostStates<T> before = alike.seeing(view -> Views.part(view, 0, view.first())).states();
    HostStates<T> behind =
        alike
            .seeing(
                view ->
                    Views.endingAt(
                        Views.part(view, view.first() + view.length(), 0), launch.written(view)))
            .states();
    HostStates<T> states = launch.states();
    for (int at = 0; at < launch.rows(); at++) {
      for (HostStates<T> masked : List.of(before, behind)) {
        states.merge(at, masked.output(at), masked.lses[at] - cap);
      }
      KvView<T> view = launch.views().get(at / launch.heads());
      int unwritten = Views.ofWholePages(view).length() + view.first() - launch.written(view);
      states.merge(at, new double[launch.valueDim()], Math.log(unwritten) - cap);
    }
    return states.tensors();
  }

  /** The soft cap is left out. */
  static <T extends Tensor> PartialAttention<T> uncapped(HealthyLaunch<T> launch) {
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

  /** The sinks are left out. */
  static <T extends Tensor> PartialAttention<T> withoutSinks(HealthyLaunch<T> launch) {
    return launch.with(launch.rule().withSinks(List.of())).run();
  }

  /** Every rank of the group adds the sinks. */
  static <T extends Tensor> PartialAttention<T> sinksOnEveryRank(HealthyLaunch<T> launch) {
    return launch.with(launch.rule().withSinks(launch.rank().role().groupSinks())).run();
  }

  /**
   * exp(s − m) is rounded to BF16 where it multiplies a value, not in the sum that divides. A
   * token's score is the log-sum-exp of the kernel on that token alone.
   */
  static <T extends Tensor> PartialAttention<T> roundedNumerator(HealthyLaunch<T> launch) {
    HostStates<T> states = launch.states();
    List<HostStates<T>> tokens = new ArrayList<>();
    int longest = launch.views().stream().mapToInt(KvView::length).max().orElseThrow();
    HealthyLaunch<T> withoutSinks = launch.with(launch.rule().withSinks(List.of()));
    for (int token = 0; token < longest; token++) {
      int at = token;
      tokens.add(
          withoutSinks
              .seeing(view -> Views.part(view, view.first() + at, at < view.length() ? 1 : 0))
              .states());
    }
    for (int at = 0; at < launch.rows(); at++) {
      double lse = states.lses[at];
      double greatest = launch.rule().sink(at % launch.heads());
      for (HostStates<T> token : tokens) {
        greatest = Math.max(greatest, token.lses[at]);
      }
      if (greatest == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double[] sum = new double[launch.valueDim()];
      for (HostStates<T> token : tokens) {
        double weight = DType.BF16.round(Math.exp(token.lses[at] - greatest));
        double[] output = token.output(at);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += weight * output[i];
        }
      }
      double total = Math.exp(lse - greatest);
      states.write(at, Arrays.stream(sum).map(x -> x / total).toArray(), lse);
    }
    return states.tensors();
  }

  /** Each row sees all tokens that its request has after the step. */
  static <T extends Tensor> PartialAttention<T> draftsUnmasked(HealthyLaunch<T> launch) {
    return launch.seeing(view -> Views.endingAt(view, launch.written(view))).run();
  }

  /** The oldest token in the window is not seen. */
  static <T extends Tensor> PartialAttention<T> windowShort(HealthyLaunch<T> launch) {
    if (launch.rule().window().isEmpty()) {
      return launch.run();
    }
    int oldest = launch.rule().window().getAsInt() - 1;
    return launch
        .seeing(
            view ->
                view.length() > 0
                        && view.positions().isPresent()
                        && view.positions().get().distance(view.first()) == oldest
                    ? Views.part(view, view.first() + 1, view.length() - 1)
                    : view)
        .run();
  }

  /** The causal bound, a position, is compared with slots. */
  static <T extends Tensor> PartialAttention<T> localBound(HealthyLaunch<T> launch) {
    return launch
        .seeing(
            view ->
                view.positions()
                    .map(at -> Math.min(launch.written(view), at.query() + 1))
                    .map(end -> Views.endingAt(view, end))
                    .orElse(view))
        .run();
  }
}

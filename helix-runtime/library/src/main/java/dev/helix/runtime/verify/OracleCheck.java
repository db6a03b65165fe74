package dev.helix.runtime.verify;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.ReplayedRouting;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.reading.OracleReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.reading.RoundedReading;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.record.TapRecord;
import dev.helix.tensor.DType;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.compare.ErrorAccumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Compares a recorded run with the {@code oracle} reading, part by part. The oracle runs the same
 * program on the same ranks with 50 digits, and starts each part from the hidden state that the run
 * had there. So a difference is the run's error alone, and the bounds derived for the comparison
 * with the baseline must hold here as well. If one does not, its derivation is wrong, or the run
 * is.
 *
 * <p>The same parts in single precision give the unit of {@link OracleComparison.Row#multiple}.
 */
public final class OracleCheck implements PartByPart.Comparer {
  /** The number format of the downcast reference. */
  public static final DType DOWNCAST = DType.F32;

  private final TapRecord oracle;
  private final TapRecord downcast;
  private final Map<TapPoint, ErrorAccumulator> errors = new LinkedHashMap<>();
  private final Map<TapPoint, Double> downcastErrors = new LinkedHashMap<>();
  private final Set<Choice> ofOtherExperts = new HashSet<>();
  private final Set<Choice> ofOtherDowncastExperts = new HashSet<>();

  private OracleCheck(TapRecord oracle, TapRecord downcast) {
    this.oracle = oracle;
    this.downcast = downcast;
  }

  /**
   * Runs the oracle and the downcast reference in step with a run, and compares.
   *
   * @param run runs the ranks of both
   * @param record what the run computed
   * @param progress called with the number of {@link #steps} that have been done since the last
   *     call
   */
  public static OracleComparison compare(
      DecodeRun run,
      DecodePlan plan,
      DecodeResult result,
      TapRecord record,
      LongConsumer progress) {
    OracleCheck check =
        new OracleCheck(
            lockstep(run, plan, new OracleReading(), result, progress),
            lockstep(run, plan, new RoundedReading(DOWNCAST), result, progress));
    BaselineWeights weights = Verifier.weights(plan.checkpoint());
    for (int request = 0; request < result.requests().size(); request++) {
      DecodeResult.Request decoded = result.requests().get(request);
      PartByPart parts =
          new PartByPart(
              weights,
              plan.strategy().attentionParts(),
              record,
              CachedBits.of(plan, result.record().cache()),
              check);
      List<Integer> sequence = decoded.cached();
      for (int position = 0; position < sequence.size(); position++) {
        parts.next(new QueryToken(request, position), sequence.get(position));
      }
    }
    List<OracleComparison.Row> rows = new ArrayList<>();
    check.errors.forEach(
        (place, accumulated) ->
            rows.add(
                new OracleComparison.Row(
                    new Comparison(place, Comparison.what(place), false, accumulated.report()),
                    check.downcastErrors.getOrDefault(place, 0.0))));
    return new OracleComparison(rows, check.ofOtherExperts.size());
  }

  /** How many steps of progress {@link #compare} will report in all. */
  public static long steps(DecodePlan plan, DecodeResult result) {
    return 2L * plan.checkpoint().config().layers() * Verifier.steps(result);
  }

  private static <T extends Tensor> TapRecord lockstep(
      DecodeRun run,
      DecodePlan plan,
      Reading<T> reading,
      DecodeResult result,
      LongConsumer progress) {
    DecodeListener listener =
        new DecodeListener() {
          @Override
          public void layer(int rows) {
            progress.accept(rows);
          }
        };
    return run.lockstep(plan, reading, listener, result).taps().orElseThrow();
  }

  @Override
  public void compare(
      TapPoint place, QueryToken token, double[] actual, double[] baseline, double[] bound) {
    if (behindOtherExperts(place, token, ofOtherExperts)) {
      return;
    }
    double[] expected = row(oracle, place, token, actual.length);
    errors.computeIfAbsent(place, key -> new ErrorAccumulator()).addAll(actual, expected, bound);
    if (!behindOtherExperts(place, token, ofOtherDowncastExperts)) {
      double[] rounded = row(downcast, place, token, actual.length);
      for (int i = 0; i < actual.length; i++) {
        downcastErrors.merge(place, Math.abs(rounded[i] - expected[i]), Math::max);
      }
    }
  }

  @Override
  public void compare(
      TapPoint place, QueryToken token, List<Integer> chosen, ReplayedRouting baseline) {
    List<Integer> expected = experts(oracle, place, token);
    if (!chosen.equals(expected)) {
      ofOtherExperts.add(new Choice(place.layer(), token));
    }
    if (!experts(downcast, place, token).equals(expected)) {
      ofOtherDowncastExperts.add(new Choice(place.layer(), token));
    }
  }

  /**
   * Whether a tap point comes after a choice of experts that differs, so that it belongs to another
   * function.
   */
  private static boolean behindOtherExperts(TapPoint place, QueryToken token, Set<Choice> other) {
    return switch (place.quantity()) {
      case ROUTING, FFN_OUTPUT, HIDDEN -> other.contains(new Choice(place.layer(), token));
      case EMBEDDING, ATTENTION_OUTPUT, MIDDLE, LOGITS -> false;
    };
  }

  private static List<Integer> experts(TapRecord record, TapPoint routing, QueryToken token) {
    return choice(record, routing, token).experts();
  }

  /** A recorded row: for routing it is the weights, for logits the part before the padding. */
  private static double[] row(TapRecord record, TapPoint place, QueryToken token, int length) {
    return place.quantity() == Quantity.ROUTING
        ? choice(record, place, token).weights().stream().mapToDouble(Double::doubleValue).toArray()
        : Arrays.copyOf(record.row(place, token), length);
  }

  private static Routing.Choice choice(TapRecord record, TapPoint routing, QueryToken token) {
    return record.choice(routing.layer(), token).orElseThrow();
  }

  /** The choice of experts for a token in a layer. */
  private record Choice(int layer, QueryToken token) {}
}

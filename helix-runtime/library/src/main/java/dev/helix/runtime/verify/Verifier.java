package dev.helix.runtime.verify;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.baseline.BaselineExperts;
import dev.helix.runtime.baseline.BaselineSizes;
import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.ReplayedRouting;
import dev.helix.runtime.baseline.UnshardedDecoder;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.record.TapRecord;
import dev.helix.tensor.compare.ErrorAccumulator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares a recorded run with the unsharded baseline, in two ways.
 *
 * <p><b>Part by part.</b> The baseline computes the embedding, each layer's attention, its FFN, the
 * sums with the residual stream and the head, each from the hidden state that the sharded run
 * itself had there. So a difference comes from that part, and a bound is derived for it (see {@link
 * dev.helix.runtime.baseline.DecoderReplay}). As each layer's input is the output of the one
 * before, bit for bit, these comparisons together cover the whole run.
 *
 * <p>The bits of a quantised cache are taken from the run, too, after each was found to be a right
 * rounding of the baseline's own key or value within its bound.
 *
 * <p><b>End to end.</b> The baseline also computes everything from the tokens alone; its logits are
 * compared with the run's, and its greedy choice with each token. No useful bound can be derived
 * across layers, so this one is estimated from the model's measured sensitivity: see {@link
 * Sensitivity}.
 */
public final class Verifier {
  private final DecodePlan plan;
  private final DecodeResult result;
  private final TapRecord record;
  private final Map<Row, ErrorAccumulator> rows = new LinkedHashMap<>();
  private final SortedMap<Integer, RoutingCheck.Tally> routing = new TreeMap<>();
  private final SortedMap<Integer, List<String>> wronglyCached = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private int tokens;
  private int tokensAsBaseline;

  private Verifier(DecodePlan plan, DecodeResult result, TapRecord record) {
    this.plan = plan;
    this.result = result;
    this.record = record;
    row(TapPoint.OUTSIDE, Quantity.EMBEDDING);
    for (int layer = 0; layer < plan.checkpoint().config().layers(); layer++) {
      row(layer, Quantity.ATTENTION_OUTPUT);
      row(layer, Quantity.MIDDLE);
      int index = layer;
      plan.checkpoint()
          .config()
          .mixture(layer)
          .ifPresent(
              mixture -> {
                row(new TapPoint(index, Quantity.ROUTING));
                routing.put(index, new RoutingCheck.Tally(index, mixture.shape().experts()));
              });
      row(layer, Quantity.FFN_OUTPUT);
      row(layer, Quantity.HIDDEN);
    }
    row(TapPoint.OUTSIDE, Quantity.LOGITS);
  }

  /**
   * Compares every token of every request at every tap point.
   *
   * @param record what the run computed
   * @param progress called for each token of a request when it has been compared
   */
  public static Verification verify(
      DecodePlan plan, DecodeResult result, TapRecord record, Runnable progress) {
    return new Verifier(plan, result, record).compared(true, progress);
  }

  /**
   * Compares every token of every request part by part, and not end to end. So no bound is
   * estimated, and the choice of tokens is not compared.
   *
   * @param record what the run computed
   */
  public static Verification partByPart(DecodePlan plan, DecodeResult result, TapRecord record) {
    return new Verifier(plan, result, record).compared(false, () -> {});
  }

  private Verification compared(boolean endToEnd, Runnable progress) {
    result.rankDifference().ifPresent(problems::add);
    BaselineWeights weights = weights(plan.checkpoint());
    for (int request = 0; request < result.requests().size(); request++) {
      PartByPart parts = parts(request, weights, progress);
      if (endToEnd) {
        endToEnd(request, weights, parts, result.requests().get(request).cached());
      }
    }
    wronglyCached.forEach(
        (layer, tokens) ->
            problems.add(
                "layer %d, quantised cache, wrong for %d tokens, the first: %s"
                    .formatted(layer, tokens.size(), tokens.get(0))));
    List<Comparison> comparisons = new ArrayList<>();
    rows.forEach(
        (row, errors) ->
            comparisons.add(
                new Comparison(row.place(), row.what(), row.estimated(), errors.report())));
    RoutingCheck choices =
        new RoutingCheck(routing.values().stream().map(RoutingCheck.Tally::done).toList());
    return new Verification(comparisons, tokens, tokensAsBaseline, choices, problems);
  }

  /** How often {@link #verify} will report progress: once for each token in the cache. */
  public static long steps(DecodeResult result) {
    return result.requests().stream().mapToLong(request -> request.cached().size()).sum();
  }

  /** Loads the checkpoint's weights for the baseline. */
  public static BaselineWeights weights(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    BaselineSizes sizes =
        new BaselineSizes(
            config.layers(),
            new BaselineSizes.Attention(
                config.attention(),
                config.rope(),
                config
                    .latent()
                    .map(shape -> new BaselineSizes.Latent(shape, config.latentNormEpsilon())),
                config.slidingWindow()),
            new BaselineSizes.Ffn(
                config.intermediateSize(), config.mixture().map(Verifier::experts)),
            new BaselineSizes.Vocabulary(config.vocabularySize(), config.tiedEmbeddings()),
            config.rmsNormEpsilon());
    return BaselineWeights.load(sizes, checkpoint::read);
  }

  private static BaselineExperts experts(Mixture mixture) {
    return switch (mixture.names()) {
      case DEEPSEEK ->
          BaselineExperts.deepSeek(
              mixture.shape(), mixture.rule(), mixture.denseLayers(), mixture.biased());
      case MIXTRAL -> BaselineExperts.mixtral(mixture.shape(), mixture.rule());
    };
  }

  private PartByPart parts(int request, BaselineWeights weights, Runnable progress) {
    List<Integer> sequence = result.requests().get(request).cached();
    PartByPart parts =
        new PartByPart(
            weights,
            plan.strategy().attentionParts(),
            record,
            CachedBits.of(plan, result.record().cache()),
            new Compare());
    for (int position = 0; position < sequence.size(); position++) {
      parts.next(new QueryToken(request, position), sequence.get(position));
      progress.run();
    }
    return parts;
  }

  private void endToEnd(
      int request, BaselineWeights weights, PartByPart parts, List<Integer> sequence) {
    DecodeResult.Request decoded = result.requests().get(request);
    int firstSampled = decoded.prompt().size() - 1;
    Sensitivity sensitivity = new Sensitivity(weights, sequence, parts.layerBounds(), firstSampled);
    for (int step = 0; step < decoded.newTokens().size(); step++) {
      int position = firstSampled + step;
      double[] expected = sensitivity.logits(position);
      double[] bound = sensitivity.bound(position, parts.logitsBound(position));
      row(new Row(
              new TapPoint(TapPoint.OUTSIDE, Quantity.LOGITS),
              "logits end to end, estimated",
              true))
          .addAll(decoded.logits().get(step), expected, bound);
      checkToken(request, step, decoded.newTokens().get(step), expected, bound);
    }
  }

  /** Checks that a token is the baseline's choice, or so close to it that rounding may decide. */
  private void checkToken(int request, int step, int token, double[] logits, double[] bound) {
    tokens++;
    if (UnshardedDecoder.mostLikely(logits) == token) {
      tokensAsBaseline++;
      return;
    }
    for (int other = 0; other < logits.length; other++) {
      if (logits[other] - logits[token] > bound[other] + bound[token]) {
        problems.add(
            "request %d, new token %d: %d was chosen, with logit %s in the baseline, but token %d has %s"
                .formatted(request, step, token, logits[token], other, logits[other]));
        return;
      }
    }
  }

  private ErrorAccumulator row(int layer, Quantity quantity) {
    return row(new TapPoint(layer, quantity));
  }

  private ErrorAccumulator row(TapPoint place) {
    return row(new Row(place, Comparison.what(place), false));
  }

  private ErrorAccumulator row(Row row) {
    return rows.computeIfAbsent(row, key -> new ErrorAccumulator());
  }

  /** Sorts comparisons into rows of the report, and choices of experts into tallies. */
  private final class Compare implements PartByPart.Comparer {
    @Override
    public void compare(
        TapPoint place, QueryToken token, double[] actual, double[] expected, double[] bound) {
      row(place).addAll(actual, expected, bound);
    }

    @Override
    public void compare(
        TapPoint place, QueryToken token, List<Integer> chosen, ReplayedRouting expected) {
      boolean same = new HashSet<>(expected.own()).equals(new HashSet<>(chosen));
      routing.get(place.layer()).add(chosen, same, expected.contradictions().isEmpty());
      expected.contradictions().stream()
          .findFirst()
          .ifPresent(why -> problems.add(place + " of " + token + ": " + why));
    }

    @Override
    public void wronglyCached(int layer, QueryToken token, String why) {
      wronglyCached
          .computeIfAbsent(layer, first -> new ArrayList<>())
          .add("%s, %s".formatted(token, why));
    }
  }

  /** A row of the report; its bound is derived or, end to end, estimated. */
  private record Row(TapPoint place, String what, boolean estimated) {}
}

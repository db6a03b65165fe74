package dev.helix.runtime.sharded;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.LogBase;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A partial attention as a GPU computes it: scores and sums in FP32, tiles with a running maximum,
 * exponentials of base 2, weights rounded to BF16 before they multiply values, outputs in BF16 and
 * LSEs in FP32. The fields are what a fault changes.
 */
final class GpuKernel {
  private static final int TILE = 16;
  private static final float LOG2_E = 1.442695f;

  /** The partial states of a rank, {@code [tokens, heads(, dim)]}. */
  @SuppressWarnings("ArrayRecordComponent") // A test looks into it at once.
  record States(double[] outputs, double[] lses) {}

  /** Which slots a rank attends to: those from the first to before the second. */
  interface Slots {
    int[] of(DrawnStep step, int rank, QueryToken token);
  }

  /** How often a slot is counted, among those before the last one. */
  interface Times {
    int of(int request, int slot, int to);
  }

  Slots slots = GpuKernel::right;
  Times times = (request, slot, to) -> 1;
  IntUnaryOperator valueSlot = slot -> slot;
  IntUnaryOperator pagesOf = request -> request;
  boolean scalesQueries;
  int firstComponents = Integer.MAX_VALUE;
  UnaryOperator<ScoreRule> rule = given -> given;
  IntBinaryOperator sinkTimes = (rank, kvp) -> rank == 0 ? 1 : 0;
  IntBinaryOperator kvHead = (head, group) -> head / group;
  UnaryOperator<CacheScales> scales = given -> given;
  UnaryOperator<States> exported = states -> states;
  double emptyLse = Double.NEGATIVE_INFINITY;
  boolean divides = true;
  boolean localDistances;

  static int[] right(DrawnStep step, int rank, QueryToken token) {
    TokenOwners owners = step.facts.owners();
    int window = step.facts.scores().window().orElse(Integer.MAX_VALUE);
    int first = Math.max(0, token.visible() - window);
    return new int[] {
      owners.localLength(token.request(), rank, first),
      owners.localLength(token.request(), rank, token.visible())
    };
  }

  States attend(DrawnStep step, int rank) {
    StepShape shape = step.facts.shape();
    int rows = step.facts.tokens().size() * shape.heads();
    States states = new States(new double[rows * shape.valueDim()], new double[rows]);
    for (int row = 0; row < rows; row++) {
      row(step, rank, row, states);
    }
    return exported.apply(states);
  }

  private void row(DrawnStep step, int rank, int row, States states) {
    StepShape shape = step.facts.shape();
    int head = row % shape.heads();
    QueryToken token = step.facts.tokens().get(row / shape.heads());
    ScoreRule scores = rule.apply(step.facts.scores());
    CacheScales factors = scales.apply(step.facts.forms().cache());
    int[] range = slots.of(step, rank, token);
    int request = pagesOf.applyAsInt(token.request());
    int to = Math.min(range[1], step.caches.get(rank).slots(request));
    int kv = kvHead.applyAsInt(head, shape.group());
    double[] key = new double[shape.keyDim()];
    double[] value = new double[shape.valueDim()];
    float max = Float.NEGATIVE_INFINITY;
    float sum = 0;
    float[] output = new float[value.length];
    for (int from = range[0]; from < to; from += TILE) {
      int end = Math.min(to, from + TILE);
      float[] logits = new float[end - from];
      for (int slot = from; slot < end; slot++) {
        step.caches.get(rank).key(request, slot, kv, key);
        factors.toKey(kv, key);
        int position = step.facts.owners().position(token.request(), rank, slot);
        int distance = localDistances ? range[1] - 1 - slot : token.visible() - 1 - position;
        logits[slot - from] = score(step, row, key, scores, head, distance);
      }
      float larger = max;
      for (float logit : logits) {
        larger = Math.max(larger, logit);
      }
      float rescale = max == Float.NEGATIVE_INFINITY ? 0 : exp2((max - larger) * LOG2_E);
      sum *= rescale;
      for (int i = 0; i < output.length; i++) {
        output[i] *= rescale;
      }
      max = larger;
      for (int slot = from; slot < end; slot++) {
        int counted = times.of(request, slot, to);
        float weight = counted * exp2((logits[slot - from] - max) * LOG2_E);
        sum += weight;
        float rounded = (float) DType.BF16.round(weight);
        step.caches.get(rank).value(request, valueSlot.applyAsInt(slot), kv, value);
        factors.toValue(kv, value);
        for (int i = 0; i < output.length; i++) {
          output[i] += rounded * (float) value[i];
        }
      }
    }
    int times = scores.sinks().isEmpty() ? 0 : sinkTimes.applyAsInt(rank, shape.kvp());
    for (int i = 0; i < times; i++) {
      float sink = (float) scores.sink(head);
      float larger = Math.max(max, sink);
      float rescale = max == Float.NEGATIVE_INFINITY ? 0 : exp2((max - larger) * LOG2_E);
      sum = sum * rescale + exp2((sink - larger) * LOG2_E);
      for (int c = 0; c < output.length; c++) {
        output[c] *= rescale;
      }
      max = larger;
    }
    boolean empty = max == Float.NEGATIVE_INFINITY;
    LogBase base = step.facts.forms().convention().base();
    float nats = max + (float) Math.log(sum);
    states.lses()[row] = empty ? emptyLse : (base == LogBase.E ? nats : nats * LOG2_E);
    for (int i = 0; i < output.length; i++) {
      float quotient = divides ? output[i] / sum : output[i];
      states.outputs()[row * output.length + i] =
          empty ? 0 : step.facts.forms().kernel().output().round(quotient);
    }
  }

  private float score(
      DrawnStep step, int row, double[] key, ScoreRule rule, int head, int distance) {
    float factor = (float) rule.scale();
    float dot = 0;
    for (int i = 0; i < Math.min(firstComponents, key.length); i++) {
      float query = (float) step.queries[row * key.length + i];
      dot += (scalesQueries ? (float) DType.BF16.round(query * factor) : query) * (float) key[i];
    }
    float score = scalesQueries ? dot : dot * factor;
    if (rule.softCap().isPresent()) {
      float cap = (float) rule.softCap().getAsDouble();
      score = (float) Math.tanh(score / cap) * cap;
    }
    if (!rule.alibiSlopes().isEmpty()) {
      score -= (float) (double) rule.alibiSlopes().get(head) * distance;
    }
    return score;
  }

  private static float exp2(float x) {
    return (float) Math.pow(2, x);
  }

  /** The same states with {@code [tokens, heads]} and {@code [heads, tokens]} confused in LSEs. */
  static States transposed(States states, int heads) {
    int tokens = states.lses().length / heads;
    double[] lses = new double[states.lses().length];
    for (int at = 0; at < lses.length; at++) {
      lses[at] = states.lses()[at % tokens * heads + at / tokens];
    }
    return new States(states.outputs(), lses);
  }

  static States moved(States states, double nats) {
    return new States(
        states.outputs(),
        Arrays.stream(states.lses()).map(lse -> DType.F32.round(lse + nats)).toArray());
  }

  static States times(States states, double factor) {
    return new States(
        states.outputs(),
        Arrays.stream(states.lses()).map(lse -> DType.F32.round(lse * factor)).toArray());
  }
}

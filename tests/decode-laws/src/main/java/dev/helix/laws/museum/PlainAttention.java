package dev.helix.laws.museum;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import java.util.EnumSet;

/**
 * The textbook formula of partial attention in double precision. It also has scales for quantised
 * keys and values, which this project's kernels do not have. Faulty variants override its methods.
 */
class PlainAttention {
  private Numbers read;

  /** The numbers of an input, read once. */
  @SuppressWarnings("ArrayRecordComponent") // A memory of the last input, compared by nobody.
  private record Numbers(
      AttentionInput of, double[] queries, double[] keys, double[] values, int[] positions) {}

  /** Computes the partial attention of all rows. */
  static Partial attend(AttentionInput input) {
    return new PlainAttention().partial(input);
  }

  /** An adapter around this attention, in double precision, with all features. */
  static AttentionUnderTest adapter(PlainAttention attention) {
    return AttentionUnderTest.of(
        Convention.of(Precision.FP64), EnumSet.allOf(AttentionFeature.class), attention::partial);
  }

  private Numbers numbers(AttentionInput in) {
    if (read == null || read.of != in) {
      read = new Numbers(in, in.queries(), in.keys(), in.values(), in.slotPositions());
    }
    return read;
  }

  final Partial partial(AttentionInput in) {
    int dim = in.valueDim();
    double[] outputs = new double[in.tokens() * in.heads() * dim];
    double[] lses = new double[in.tokens() * in.heads()];
    for (int token = 0; token < in.tokens(); token++) {
      for (int head = 0; head < in.heads(); head++) {
        int row = token * in.heads() + head;
        double[] result = row(in, token, head);
        lses[row] = result[dim];
        System.arraycopy(result, 0, outputs, row * dim, dim);
      }
    }
    return finished(in, outputs, lses);
  }

  /** Makes the answer from finished arrays, which it may change. */
  Partial finished(AttentionInput in, double[] outputs, double[] lses) {
    return new Partial(outputs, lses);
  }

  /** The output, then the log-sum-exp. */
  private double[] row(AttentionInput in, int token, int head) {
    double[] scores = new double[in.slots()];
    double greatest = Double.NEGATIVE_INFINITY;
    for (int slot = 0; slot < scores.length; slot++) {
      scores[slot] = score(in, token, head, slot);
      greatest = Math.max(greatest, scores[slot]);
    }
    boolean sink = in.countsSink() && in.sinks().length > 0;
    greatest = sink ? Math.max(greatest, in.sinks()[head]) : greatest;
    double[] result = new double[in.valueDim() + 1];
    double reference = reference(greatest);
    if (greatest == Double.NEGATIVE_INFINITY) {
      result[in.valueDim()] = Double.NEGATIVE_INFINITY;
      return result;
    }
    double sum = sink ? Math.exp(in.sinks()[head] - reference) : 0;
    double[] values = numbers(in).values;
    for (int slot = 0; slot < scores.length; slot++) {
      if (scores[slot] != Double.NEGATIVE_INFINITY) {
        double weight = Math.exp(scores[slot] - reference);
        sum += weight;
        for (int i = 0; i < in.valueDim(); i++) {
          result[i] +=
              weight * values[(slot * in.kvHeads() + kvHead(in, head)) * in.valueDim() + i];
        }
      }
    }
    for (int i = 0; i < in.valueDim(); i++) {
      result[i] = result[i] / sum * valueScale(in);
    }
    result[in.valueDim()] = reference + Math.log(sum);
    return result;
  }

  /** The score of a slot; −∞ if it is not seen. */
  private double score(AttentionInput in, int token, int head, int slot) {
    return visible(in, token, slot)
        ? capped(in, product(in, token, head, slot)) - bias(in, token, head, slot)
        : Double.NEGATIVE_INFINITY;
  }

  double product(AttentionInput in, int token, int head, int slot) {
    int dim = in.keyDim();
    double[] queries = numbers(in).queries;
    double[] keys = numbers(in).keys;
    int query = (token * in.heads() + head) * dim;
    int key = (slot * in.kvHeads() + kvHead(in, head)) * dim;
    double scale = in.scale() * keyScale(in);
    if (in.rotary().isPresent()) {
      PlainRotation rotation = new PlainRotation(in.rotary().get());
      queries = rotation.turned(queries, query, dim, in.queryPositions()[token]);
      keys = rotation.turned(keys, key, dim, numbers(in).positions[slot]);
      query = 0;
      key = 0;
      scale *= rotation.scoreFactor();
    }
    double dot = 0;
    for (int i = 0; i < dim; i++) {
      dot += queries[query + i] * keys[key + i];
    }
    return dot * scale;
  }

  private double bias(AttentionInput in, int token, int head, int slot) {
    return in.alibiSlopes().length == 0
        ? 0
        : in.alibiSlopes()[head] * (in.queryPositions()[token] - numbers(in).positions[slot]);
  }

  private static double capped(AttentionInput in, double score) {
    return in.softCap() == 0 ? score : in.softCap() * Math.tanh(score / in.softCap());
  }

  boolean visible(AttentionInput in, int token, int slot) {
    int position = numbers(in).positions[slot];
    int query = in.queryPositions()[token];
    return position >= 0
        && position <= query
        && (in.window() == 0 || position > query - in.window());
  }

  private static int kvHead(AttentionInput in, int head) {
    return head / (in.heads() / in.kvHeads());
  }

  /** The reference that is subtracted from scores, so that no exponential overflows. */
  double reference(double greatest) {
    return greatest;
  }

  double keyScale(AttentionInput in) {
    return in.keyScale();
  }

  double valueScale(AttentionInput in) {
    return in.valueScale();
  }
}

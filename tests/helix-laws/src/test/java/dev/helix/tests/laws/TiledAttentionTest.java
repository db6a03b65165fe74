package dev.helix.tests.laws;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import java.util.Arrays;

/**
 * Partial attention as a GPU kernel computes it: single precision, queries scaled beforehand, base
 * 2, a running maximum over tiles of slots, heads first, −1e30 for no tokens. The bounds must not
 * be too tight for it, and the conversions of other conventions hold at this seam too.
 */
class TiledAttentionTest implements AttentionLaws {
  private static final int TILE = 16;
  private static final float EMPTY = -1e30f;
  private static final float LOG2_E = (float) (1 / Math.log(2));

  @Override
  public AttentionUnderTest attention() {
    return AttentionUnderTest.of(
        Convention.of(Precision.FP32).base2().headsFirst().emptyAs(EMPTY),
        TiledAttentionTest::attend);
  }

  private static Partial attend(AttentionInput in) {
    double[] outputs = new double[in.heads() * in.tokens() * in.valueDim()];
    double[] lses = new double[in.heads() * in.tokens()];
    for (int head = 0; head < in.heads(); head++) {
      for (int token = 0; token < in.tokens(); token++) {
        int row = head * in.tokens() + token;
        lses[row] = new Row(in, token, head).attend(outputs, row * in.valueDim());
      }
    }
    return new Partial(outputs, lses);
  }

  /** One query. */
  private static final class Row {
    private final AttentionInput in;
    private final int head;
    private final int kvHead;
    private final int position;
    private final float[] query;
    private final float[] keys;
    private final float[] values;
    private final int[] slots;
    private final float[] weighted;
    private float greatest = Float.NEGATIVE_INFINITY;
    private float sum;

    Row(AttentionInput in, int token, int head) {
      this.in = in;
      this.head = head;
      this.kvHead = head / (in.heads() / in.kvHeads());
      this.position = in.queryPositions()[token];
      this.slots = in.slotPositions();
      this.keys = floats(in.keys());
      this.values = floats(in.values());
      this.weighted = new float[in.valueDim()];
      int from = (token * in.heads() + head) * in.keyDim();
      this.query = floats(Arrays.copyOfRange(in.queries(), from, from + in.keyDim()));
      float scale = (float) in.scale() * (float) in.keyScale();
      scale = in.softCap() == 0 ? scale * LOG2_E : scale;
      for (int i = 0; i < query.length; i++) {
        query[i] *= scale;
      }
      if (in.countsSink() && in.sinks().length > 0) {
        greatest = (float) in.sinks()[head] * LOG2_E;
        sum = 1;
      }
    }

    double attend(double[] outputs, int at) {
      for (int from = 0; from < slots.length; from += TILE) {
        tile(from, Math.min(slots.length, from + TILE));
      }
      for (int i = 0; i < weighted.length && sum != 0; i++) {
        outputs[at + i] = weighted[i] / sum * (float) in.valueScale();
      }
      return sum != 0 ? greatest + (float) (Math.log(sum) / Math.log(2)) : EMPTY;
    }

    private void tile(int from, int to) {
      float[] scores = new float[to - from];
      float next = greatest;
      for (int slot = from; slot < to; slot++) {
        scores[slot - from] = visible(slot) ? score(slot) : Float.NEGATIVE_INFINITY;
        next = Math.max(next, scores[slot - from]);
      }
      if (next == Float.NEGATIVE_INFINITY) {
        return;
      }
      float rescale = exp2(greatest - next);
      sum *= rescale;
      for (int i = 0; i < weighted.length; i++) {
        weighted[i] *= rescale;
      }
      for (int slot = from; slot < to; slot++) {
        if (visible(slot)) {
          float weight = exp2(scores[slot - from] - next);
          sum += weight;
          for (int i = 0; i < weighted.length; i++) {
            weighted[i] += weight * values[(slot * in.kvHeads() + kvHead) * weighted.length + i];
          }
        }
      }
      greatest = next;
    }

    private boolean visible(int slot) {
      return slots[slot] >= 0
          && slots[slot] <= position
          && (in.window() == 0 || slots[slot] > position - in.window());
    }

    private float score(int slot) {
      float score = 0;
      for (int i = 0; i < query.length; i++) {
        score += query[i] * keys[(slot * in.kvHeads() + kvHead) * query.length + i];
      }
      if (in.softCap() > 0) {
        float cap = (float) in.softCap();
        score = cap * (float) Math.tanh(score / cap) * LOG2_E;
      }
      float slope = in.alibiSlopes().length == 0 ? 0 : (float) in.alibiSlopes()[head];
      return slope == 0 ? score : score - slope * LOG2_E * (position - slots[slot]);
    }

    private static float exp2(float x) {
      return (float) Math.pow(2, x);
    }

    private static float[] floats(double[] numbers) {
      float[] floats = new float[numbers.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) numbers[i];
      }
      return floats;
    }
  }
}

package dev.helix.tests.laws.conventions;

import dev.helix.tensor.DType;
import java.util.Optional;

/**
 * The merges of serving systems by their published rules, operation by operation in single
 * precision. They share no code with this project's kernels.
 */
final class PublishedRules {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  /** Where a maximum begins that takes a finite number for −∞. */
  private static final float SENTINEL = -1e5f;

  private static final float LOG2_E = (float) 1.4426950408889634;

  private PublishedRules() {}

  /**
   * FlashInfer's MergeStates: a state (o, m, d) with d = 1 at the lowest finite maximum, rescaled
   * in base 2 part by part, and divided at the end.
   */
  static float[] runningState(RowRule.Row row, Optional<RuleFault> fault) {
    if (row.shards() == 1) {
      return single(row);
    }
    float m = is(fault, RuleFault.SEEDED_FOLD) ? NONE : -5e4f;
    float d = 1;
    float[] result = new float[row.dim() + 1];
    for (int shard = 0; shard < row.shards(); shard++) {
      float s = row.weights()[shard];
      boolean raw = is(fault, RuleFault.RAW_GAP) && shard > 0;
      float next = raw ? m : Math.max(m, s);
      float old = power(m - next, fault);
      float weight = power(s - next, fault) * percent(shard, fault);
      d = d * old + weight;
      for (int i = 1; i < result.length; i++) {
        result[i] = result[i] * old + row.outputs()[shard][i - 1] * weight;
      }
      m = next;
    }
    for (int i = 1; i < result.length; i++) {
      result[i] /= d;
    }
    result[0] = m + log2(d);
    return result;
  }

  /**
   * vLLM's all-to-all: weights exp(LSE − max), divided by their sum; NaN and +∞ count as −∞, and an
   * output of weight 0 is not looked at.
   */
  static float[] weighedByMax(RowRule.Row row, Optional<RuleFault> fault) {
    float[] lses = cleaned(row.weights());
    float max = greatest(new RowRule.Row(row.outputs(), lses, row.sums()), fault);
    float sum = 0;
    float[] weights = new float[lses.length];
    for (int shard = 0; shard < weights.length; shard++) {
      weights[shard] = exp(lses[shard] - max, fault) * percent(shard, fault);
      sum += weights[shard];
    }
    float[] result = new float[row.dim() + 1];
    result[0] = (float) Math.log(sum) + max;
    boolean unguarded = is(fault, RuleFault.TWO_EMPTY_PARTIALS);
    for (int shard = 0; shard < weights.length; shard++) {
      boolean looked = weights[shard] != 0 || is(fault, RuleFault.ZERO_TIMES_NAN);
      float weight = sum == 0 && !unguarded ? 0 : weights[shard] / sum;
      for (int i = 1; i < result.length && looked; i++) {
        result[i] += weight * row.outputs()[shard][i - 1];
      }
    }
    return result;
  }

  /**
   * vLLM's merge_attn_states: two parts; +∞ counts as −∞; where both are empty, the first is kept.
   */
  static float[] prefixAndSuffix(RowRule.Row row, Optional<RuleFault> fault) {
    if (row.shards() == 1) {
      return single(row);
    }
    float first = row.weights()[0] == Float.POSITIVE_INFINITY ? NONE : row.weights()[0];
    float second = row.weights()[1] == Float.POSITIVE_INFINITY ? NONE : row.weights()[1];
    float max = Math.max(first, second);
    max = is(fault, RuleFault.RAW_GAP) ? first : max;
    max = is(fault, RuleFault.FINITE_SENTINEL) ? Math.max(max, SENTINEL) : max;
    float[] result = new float[row.dim() + 1];
    if (max == NONE && !is(fault, RuleFault.TWO_EMPTY_PARTIALS) && !is(fault, RuleFault.RAW_GAP)) {
      System.arraycopy(row.outputs()[0], 0, result, 1, row.dim());
      result[0] = NONE;
      return result;
    }
    float one = exp(first - max, fault);
    float other = exp(second - max, fault) * percent(1, fault);
    float sum = one + other;
    for (int i = 1; i < result.length; i++) {
      result[i] = row.outputs()[0][i - 1] * (one / sum) + row.outputs()[1][i - 1] * (other / sum);
    }
    result[0] = (float) Math.log(sum) + max;
    return result;
  }

  /**
   * A gathered log-sum-exp, in whose terms each rank scales its own part; a collective sums.
   *
   * @param base2 whether log-sum-exps are in base 2
   * @param scaled format of factors and of scaled parts, in which the collective sums too
   */
  static RowRule scaledByLse(boolean base2, DType factor, DType scaled) {
    return (row, fault) -> {
      if (row.shards() == 1) {
        return single(row);
      }
      float[] lses = cleaned(row.weights());
      float max = greatest(new RowRule.Row(row.outputs(), lses, row.sums()), fault);
      float sum = 0;
      for (float lse : lses) {
        sum += base2 ? power(lse - max, fault) : exp(lse - max, fault);
      }
      float merged = max + (base2 ? log2(sum) : (float) Math.log(sum));
      float[] result = new float[row.dim() + 1];
      result[0] = merged;
      for (int shard = 0; shard < lses.length; shard++) {
        float gap = row.weights()[shard] - merged;
        boolean guarded = !is(fault, RuleFault.TWO_EMPTY_PARTIALS);
        boolean none = guarded && (Float.isNaN(gap) || gap == Float.POSITIVE_INFINITY);
        float weight = none ? 0 : base2 ? power(gap, fault) : exp(gap, fault);
        weight = rounded(weight * percent(shard, fault), factor);
        boolean looked = weight != 0 || is(fault, RuleFault.ZERO_TIMES_NAN);
        for (int i = 1; i < result.length && (looked || scaled != factor); i++) {
          float part = looked ? rounded(weight * row.outputs()[shard][i - 1], scaled) : 0;
          result[i] = rounded(result[i] + part, scaled);
        }
      }
      return result;
    };
  }

  /** SGLang's grouped-query merge: NaN and infinities of scales and outputs become 0. */
  static RowRule nanToZero(DType model) {
    return (row, fault) -> {
      if (row.shards() == 1) {
        return single(row);
      }
      float[][] outputs = new float[row.shards()][row.dim()];
      boolean kept = is(fault, RuleFault.ZERO_TIMES_NAN);
      for (int shard = 0; shard < outputs.length; shard++) {
        for (int i = 0; i < row.dim(); i++) {
          float value = row.outputs()[shard][i];
          outputs[shard][i] = kept || Float.isFinite(value) ? value : 0;
        }
      }
      RowRule.Row clean = new RowRule.Row(outputs, row.weights(), row.sums());
      return scaledByLse(false, model, model).merge(clean, fault);
    };
  }

  /** TensorRT-LLM's Helix: weights sumᵢ·exp(maxᵢ − max), times the reciprocal of their sum. */
  static float[] pairs(RowRule.Row row, Optional<RuleFault> fault) {
    float max = greatest(row, fault);
    float[] weights = new float[row.shards()];
    float sum = 0;
    for (int shard = 0; shard < weights.length; shard++) {
      weights[shard] =
          row.sums()[shard] * exp(row.weights()[shard] - max, fault) * percent(shard, fault);
      sum += weights[shard];
    }
    float norm = 1 / sum;
    float[] result = new float[row.dim() + 1];
    for (int shard = 0; shard < weights.length; shard++) {
      for (int i = 1; i < result.length; i++) {
        result[i] += row.outputs()[shard][i - 1] * (weights[shard] * norm);
      }
    }
    result[0] = max + (float) Math.log(sum);
    return result;
  }

  /**
   * The combine kernels of FlashAttention and FlashMLA: scales exp(LSEᵢ − LSE) by the rounded LSE,
   * and parts of scale 0 are skipped.
   *
   * @param base2 whether log-sum-exps are in base 2, as FlashMLA's are; the merged one is in base e
   * @param none the log-sum-exp of a row without tokens
   */
  static RowRule combine(boolean base2, float none) {
    return (row, fault) -> {
      float[][] outputs = row.outputs();
      if (is(fault, RuleFault.ROUNDED_FIRST)) {
        outputs = new float[row.shards()][row.dim()];
        for (int at = 0; at < row.shards() * row.dim(); at++) {
          float value = row.outputs()[at / row.dim()][at % row.dim()];
          outputs[at / row.dim()][at % row.dim()] = rounded(value, DType.BF16);
        }
      }
      float max = greatest(row, fault);
      float sum = 0;
      for (float lse : row.weights()) {
        sum += base2 ? power(lse - max, fault) : exp(lse - max, fault);
      }
      boolean empty = sum == 0;
      float merged = empty ? none : (base2 ? log2(sum) : (float) Math.log(sum)) + max;
      float[] result = new float[row.dim() + 1];
      result[0] = base2 ? merged / LOG2_E : merged;
      for (int shard = 0; shard < row.shards(); shard++) {
        float gap = row.weights()[shard] - (empty ? Float.POSITIVE_INFINITY : merged);
        float scale = (base2 ? power(gap, fault) : exp(gap, fault)) * percent(shard, fault);
        boolean looked = scale > 0 || Float.isNaN(scale) || is(fault, RuleFault.ZERO_TIMES_NAN);
        for (int i = 1; i < result.length && looked; i++) {
          result[i] += scale * outputs[shard][i - 1];
        }
      }
      return result;
    };
  }

  /** Ring attention: O −= σ(lse_b − lse)·(O − O_b), lse −= ln σ(lse − lse_b). */
  static float[] ring(RowRule.Row row, Optional<RuleFault> fault) {
    float[] result = new float[row.dim() + 1];
    boolean seeded = is(fault, RuleFault.SEEDED_FOLD);
    result[0] = NONE;
    for (int shard = 0; shard < row.shards(); shard++) {
      float lse = row.weights()[shard];
      if (shard == 0 && !seeded) {
        System.arraycopy(row.outputs()[0], 0, result, 1, row.dim());
        result[0] = lse;
        continue;
      }
      float gap = lse - result[0];
      float share = is(fault, RuleFault.RAW_GAP) ? ratio(gap) : sigmoid(gap, fault);
      share *= percent(shard, fault);
      for (int i = 1; i < result.length; i++) {
        result[i] -= share * (result[i] - row.outputs()[shard][i - 1]);
      }
      result[0] -= logSigmoid(-gap);
    }
    return result;
  }

  private static float ratio(float gap) {
    float weight = (float) Math.exp(gap);
    return weight / (1 + weight);
  }

  private static float sigmoid(float x, Optional<RuleFault> fault) {
    return 1 / (1 + exp(-x, fault));
  }

  private static float logSigmoid(float x) {
    return (float) (x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x)));
  }

  private static float[] single(RowRule.Row row) {
    float[] result = new float[row.dim() + 1];
    System.arraycopy(row.outputs()[0], 0, result, 1, row.dim());
    result[0] = row.weights()[0];
    return result;
  }

  /** The greatest weight, or 0 if there is none, which a merge without that guard forgets. */
  private static float greatest(RowRule.Row row, Optional<RuleFault> fault) {
    float greatest = row.greatest();
    if (is(fault, RuleFault.RAW_GAP)) {
      for (float weight : row.weights()) {
        if (weight != NONE) {
          return weight;
        }
      }
    }
    greatest = is(fault, RuleFault.FINITE_SENTINEL) ? Math.max(greatest, SENTINEL) : greatest;
    return greatest == NONE && !is(fault, RuleFault.TWO_EMPTY_PARTIALS) ? 0 : greatest;
  }

  private static float[] cleaned(float[] lses) {
    float[] clean = lses.clone();
    for (int at = 0; at < clean.length; at++) {
      boolean none = Float.isNaN(clean[at]) || clean[at] == Float.POSITIVE_INFINITY;
      clean[at] = none ? NONE : clean[at];
    }
    return clean;
  }

  private static float exp(float x, Optional<RuleFault> fault) {
    return (float) Math.exp(is(fault, RuleFault.OTHER_BASE) ? x * 0.6931471805599453 : x);
  }

  private static float power(float x, Optional<RuleFault> fault) {
    return (float) (is(fault, RuleFault.OTHER_BASE) ? Math.exp(x) : Math.pow(2, x));
  }

  private static float log2(float x) {
    return (float) (Math.log(x) * 1.4426950408889634);
  }

  private static float percent(int shard, Optional<RuleFault> fault) {
    return is(fault, RuleFault.ONE_PERCENT_OF_A_FACTOR) && shard % 3 == 1 ? 1.01f : 1;
  }

  private static float rounded(float x, DType format) {
    return format == DType.F32 ? x : (float) format.round(x);
  }

  private static boolean is(Optional<RuleFault> fault, RuleFault one) {
    return fault.isPresent() && fault.get() == one;
  }
}

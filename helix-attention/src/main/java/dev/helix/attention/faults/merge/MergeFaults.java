package dev.helix.attention.faults.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.tensor.DType;
import dev.helix.tensor.faults.FaultStory;
import java.util.Arrays;
import java.util.List;

/** The faults of the merge itself. */
public final class MergeFaults {
  private static final Convention FP64 = Convention.of(Precision.FP64);
  private static final Convention FP32 = Convention.of(Precision.FP32);

  /** Where a running maximum begins. */
  private static final double SENTINEL = -1e5;

  public static final MergeFault TWO_EMPTY_PARTIALS =
      rows(
          new FaultStory(
              "two empty partials merge to NaN",
              "vllm-project/vllm#27491, flashinfer-ai/flashinfer#4051",
              "The maximum of two LSEs of −∞ is −∞, and −∞ − (−∞) is NaN.",
              "A prompt shorter than the number of ranks leaves ranks empty, but two of them meet"
                  + " only in a tree, or in a row without any tokens; tests with full caches have"
                  + " neither."),
          FP64,
          MergeFaults::unguardedMaximum);

  public static final MergeFault ZERO_TIMES_NAN =
      rows(
          new FaultStory(
              "weight 0 times NaN poisons the sum",
              "vllm-project/vllm#47541",
              "A shard without tokens gets weight exp(−∞) = 0, and its output, which nobody wrote,"
                  + " is multiplied by it: 0 · NaN = NaN.",
              "Fresh memory is mostly zeros, so it shows on a busy server only."),
          FP64,
          MergeFaults::zeroTimesPayload);

  public static final MergeFault SEEDED_FOLD =
      rows(
          new FaultStory(
              "a −inf seed poisons a running fold",
              "ROCm/ATOM#1152",
              "The fold starts from (0, −∞) and rescales what it has by exp(old − new). If the"
                  + " first shard is empty too, that is −∞ − (−∞).",
              "Tests that fill shard 0 first never see it."),
          FP64,
          MergeFaults::seededFold);

  public static final MergeFault RAW_GAP =
      rows(
          new FaultStory(
              "exp of the raw LSE gap overflows",
              "jzhang38/EasyContext#14, NVIDIA/TransformerEngine#716",
              "O = (O₁ + e^(LSE₂−LSE₁)·O₂) / (1 + e^(LSE₂−LSE₁)) is right on paper and infinity"
                  + " over infinity from a gap of 89 in single, 710 in double precision.",
              "Round robin placement keeps gaps near 0."),
          FP64,
          MergeFaults::rawGap);

  public static final MergeFault BASE_2_AS_E =
      rows(
          new FaultStory(
              "base-2 LSE merged as base e",
              "vllm-project/vllm#47079, sgl-project/sglang#40903",
              "The kernel exports log₂, the merge uses exp.",
              "With equal shards every weight is 1/n in any base and nothing moves; unequal shards"
                  + " get the wrong weights."),
          FP64.base2(),
          RowMerge::correct);

  public static final MergeFault BASE_OF_ANOTHER_BACKEND =
      rows(
          new FaultStory(
              "LSE base of decode follows the flag of the prefill backend",
              "vllm-project/vllm#42555",
              "A flag says that the backend of prefill exports log₂. The merge of decode asks the"
                  + " same flag, and multiplies by ln 2 the natural LSEs of another backend.",
              "The flag is right wherever both backends are one. Shards of equal weight hide it as"
                  + " they hide any base."),
          FP64,
          MergeFaults::convertedNaturalLogs);

  public static final MergeFault FINITE_SENTINEL =
      rows(
          new FaultStory(
              "the finite sentinel of an empty shard is merged as a maximum",
              "NVIDIA/TensorRT-LLM#19220",
              "A maximum starts at −100,000 and stays there in a shard without tokens. The merge"
                  + " takes it for a maximum, next to which a living shard with scores below it has"
                  + " weight 0: the row comes out as if it had no tokens.",
              "Scores are rarely that low, and where all shards live no sentinel is left."),
          FP64,
          MergeFaults::sentinelMaximum);

  public static final MergeFault ROUNDED_FIRST =
      rows(
          new FaultStory(
              "partial outputs rounded to BF16 before the merge",
              "zhuzilin/ring-flash-attention#42, Dao-AILab/flash-attention#1088",
              "Each partial output is rounded to the precision of the model before the merge, and"
                  + " the error grows with the number of shards and of merges.",
              "Tolerances fit for one rounding to BF16 do not see it at N = 2."),
          FP32,
          MergeFaults::roundedFirst);

  public static final MergeFault TRANSPOSED_LSE =
      new MergeFault(
          new FaultStory(
              "LSE [tokens, heads] read as [heads, tokens]",
              "vllm-project/vllm#57012",
              "The transposed LSE has the right number of elements and, where heads = tokens, the"
                  + " right shape.",
              "One token, or one head, looks the same either way."),
          FP64,
          MergeFaults::transposed);

  private MergeFaults() {}

  /** All faults of the merge. */
  public static List<MergeFault> all() {
    return List.of(
        TWO_EMPTY_PARTIALS,
        ZERO_TIMES_NAN,
        SEEDED_FOLD,
        RAW_GAP,
        BASE_2_AS_E,
        BASE_OF_ANOTHER_BACKEND,
        FINITE_SENTINEL,
        ROUNDED_FIRST,
        TRANSPOSED_LSE);
  }

  private static MergeFault rows(FaultStory story, Convention given, RowMerge merge) {
    return new MergeFault(story, given, states -> states.merged(merge));
  }

  private static double[] unguardedMaximum(double[] lses, double[][] outputs) {
    double greatest = Arrays.stream(lses).max().orElseThrow();
    double[] result = new double[outputs[0].length + 1];
    double sum = 0;
    for (int shard = 0; shard < lses.length; shard++) {
      double weight = Math.exp(lses[shard] - greatest);
      sum += weight;
      if (weight != 0) {
        RowMerge.add(result, weight, outputs[shard]);
      }
    }
    return RowMerge.finished(result, greatest, sum);
  }

  private static double[] zeroTimesPayload(double[] lses, double[][] outputs) {
    double greatest = Arrays.stream(lses).max().orElseThrow();
    double[] result = new double[outputs[0].length + 1];
    result[0] = greatest;
    if (greatest == Double.NEGATIVE_INFINITY) {
      return result;
    }
    double sum = 0;
    for (int shard = 0; shard < lses.length; shard++) {
      double weight = Math.exp(lses[shard] - greatest);
      sum += weight;
      RowMerge.add(result, weight, outputs[shard]);
    }
    return RowMerge.finished(result, greatest, sum);
  }

  private static double[] seededFold(double[] lses, double[][] outputs) {
    double[] result = new double[outputs[0].length + 1];
    double greatest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int shard = 0; shard < lses.length; shard++) {
      double next = Math.max(greatest, lses[shard]);
      double rescale = Math.exp(greatest - next);
      double weight = Math.exp(lses[shard] - next);
      sum = sum * rescale + weight;
      for (int i = 1; i < result.length; i++) {
        // The output of an empty shard is masked here, but the rescaling of an empty state is not.
        result[i] = result[i] * rescale + (weight == 0 ? 0 : weight * outputs[shard][i - 1]);
      }
      greatest = next;
    }
    return RowMerge.finished(result, greatest, sum);
  }

  private static double[] rawGap(double[] lses, double[][] outputs) {
    double[] result = new double[outputs[0].length + 1];
    result[0] = Double.NEGATIVE_INFINITY;
    for (int shard = 0; shard < lses.length; shard++) {
      if (lses[shard] == Double.NEGATIVE_INFINITY) {
        continue;
      }
      if (result[0] == Double.NEGATIVE_INFINITY) {
        System.arraycopy(outputs[shard], 0, result, 1, outputs[shard].length);
        result[0] = lses[shard];
        continue;
      }
      double ratio = Math.exp(lses[shard] - result[0]);
      for (int i = 1; i < result.length; i++) {
        result[i] = (result[i] + ratio * outputs[shard][i - 1]) / (1 + ratio);
      }
      result[0] += Math.log1p(ratio);
    }
    return result;
  }

  private static double[] convertedNaturalLogs(double[] lses, double[][] outputs) {
    double[] taken = Arrays.stream(lses).map(LogBase.TWO::toNatural).toArray();
    double[] result = RowMerge.correct(taken, outputs);
    result[0] = LogBase.TWO.fromNatural(result[0]);
    return result;
  }

  private static double[] sentinelMaximum(double[] lses, double[][] outputs) {
    if (Arrays.stream(lses).noneMatch(lse -> lse == Double.NEGATIVE_INFINITY)) {
      return RowMerge.correct(lses, outputs);
    }
    double greatest = Arrays.stream(lses).map(lse -> Math.max(lse, SENTINEL)).max().orElseThrow();
    double[] result = new double[outputs[0].length + 1];
    double sum = 0;
    for (int shard = 0; shard < lses.length; shard++) {
      double weight = Math.exp(lses[shard] - greatest);
      sum += weight;
      if (weight != 0) {
        RowMerge.add(result, weight, outputs[shard]);
      }
    }
    result[0] = Double.NEGATIVE_INFINITY;
    return sum == 0 ? result : RowMerge.finished(result, greatest, sum);
  }

  private static double[] roundedFirst(double[] lses, double[][] outputs) {
    double[][] rounded = new double[outputs.length][];
    for (int shard = 0; shard < outputs.length; shard++) {
      rounded[shard] = Arrays.stream(outputs[shard]).map(DType.BF16::round).toArray();
    }
    return RowMerge.correct(lses, rounded);
  }

  private static PlainStates transposed(PlainStates states) {
    int tokens = states.tokens();
    int heads = states.heads();
    double[] lses = states.lses();
    double[] turned = new double[lses.length];
    for (int at = 0; at < lses.length; at++) {
      int row = at % states.rows();
      int first = at - row;
      turned[at] = lses[first + row % heads * tokens + row / heads];
    }
    return states.withLses(turned).merged(RowMerge::correct);
  }
}

package dev.helix.laws.museum;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.Partial;
import dev.helix.laws.merge.PartialStack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Faults of the merge itself. */
final class MergeExhibits {
  private static final Convention FP64 = Convention.of(Precision.FP64);
  private static final Convention FP32 = Convention.of(Precision.FP32);

  private MergeExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        new Exhibit(
            "two empty partials merge to NaN",
            "vllm-project/vllm#27491, flashinfer-ai/flashinfer#4051",
            "The maximum of two LSEs of −∞ is −∞, and −∞ − (−∞) is NaN. A prompt shorter than the"
                + " number of ranks leaves ranks empty, but two of them meet only in a tree, or in"
                + " a row without any tokens; tests with full caches have neither. Caught by ∅ ⊕ ∅"
                + " = ∅ (empty-identity), and by all laws on a batch with an empty request.",
            List.of(Law.EMPTY_IDENTITY),
            rows(FP64, MergeExhibits::unguardedMaximum)),
        new Exhibit(
            "weight 0 times NaN poisons the sum",
            "vllm-project/vllm#47541",
            "A shard without tokens gets weight exp(−∞) = 0, and its output, which nobody wrote, is"
                + " multiplied by it: 0 · NaN = NaN. Fresh memory is mostly zeros, so it shows on a"
                + " busy server only. Caught by ownership.",
            List.of(Law.OWNERSHIP),
            rows(FP64, MergeExhibits::zeroTimesPayload)),
        new Exhibit(
            "a −inf seed poisons a running fold",
            "ROCm/ATOM#1152",
            "The fold starts from (0, −∞) and rescales what it has by exp(old − new). If the first"
                + " shard is empty too, that is −∞ − (−∞). Tests that fill shard 0 first never see"
                + " it. Caught by empty-identity, with the empty shard on the left.",
            List.of(Law.EMPTY_IDENTITY),
            rows(FP64, MergeExhibits::seededFold)),
        new Exhibit(
            "exp of the raw LSE gap overflows",
            "jzhang38/EasyContext#14, NVIDIA/TransformerEngine#716",
            "O = (O₁ + e^(LSE₂−LSE₁)·O₂) / (1 + e^(LSE₂−LSE₁)) is right on paper and infinity over"
                + " infinity from a gap of 89 in single, 710 in double precision. Round robin"
                + " placement keeps gaps near 0. Caught by commutative: one order overflows, the"
                + " other does not.",
            List.of(Law.COMMUTATIVE),
            rows(FP64, MergeExhibits::rawGap)),
        new Exhibit(
            "base-2 LSE merged as base e",
            "vllm-project/vllm#47079, sgl-project/sglang#40903",
            "The kernel exports log₂, the merge uses exp. With equal shards every weight is 1/n in"
                + " any base and nothing moves; unequal shards get the wrong weights. The merge"
                + " stays a lawful one, of other numbers: caught only by laws that know a weight,"
                + " bases and partition.",
            List.of(Law.BASES, Law.PARTITION),
            rows(FP64.base2(), RowMerge::correct)),
        new Exhibit(
            "partial outputs rounded to BF16 before the merge",
            "zhuzilin/ring-flash-attention#42, Dao-AILab/flash-attention#1088",
            "Each partial output is rounded to the precision of the model before the merge, and the"
                + " error grows with the number of shards and of merges. Tolerances fit for one"
                + " rounding to BF16 do not see it at N = 2. Caught by one-rank, which has no"
                + " tolerance, and by every bound made of the declared format.",
            List.of(Law.ONE_RANK, Law.PARTITION),
            rows(FP32, MergeExhibits::roundedFirst)),
        new Exhibit(
            "LSE [tokens, heads] read as [heads, tokens]",
            "vllm-project/vllm#57012",
            "The transposed LSE has the right number of elements and, where heads = tokens, the"
                + " right shape. One token, or one head, looks the same either way. Caught by"
                + " one-rank and partition on equal axes.",
            List.of(Law.ONE_RANK, Law.PARTITION),
            MergeUnderTest.of(FP64, MergeExhibits::transposed)));
  }

  private static MergeUnderTest rows(Convention convention, RowMerge merge) {
    return MergeUnderTest.of(convention, merge::all);
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
    return finished(result, greatest, sum);
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
    return finished(result, greatest, sum);
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
        // The payload of an empty shard is masked here; the rescaling of nothing is not.
        result[i] = result[i] * rescale + (weight == 0 ? 0 : weight * outputs[shard][i - 1]);
      }
      greatest = next;
    }
    return finished(result, greatest, sum);
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

  private static double[] roundedFirst(double[] lses, double[][] outputs) {
    double[][] rounded = new double[outputs.length][];
    for (int shard = 0; shard < outputs.length; shard++) {
      rounded[shard] = Arrays.stream(outputs[shard]).map(DType.BF16::round).toArray();
    }
    return RowMerge.correct(lses, rounded);
  }

  private static Partial transposed(PartialStack stack) {
    int tokens = stack.tokens();
    int heads = stack.heads();
    double[] lses = stack.lses();
    RowMerge merge = RowMerge::correct;
    double[] turned = new double[lses.length];
    for (int at = 0; at < lses.length; at++) {
      int row = at % (tokens * heads);
      int first = at - row;
      turned[at] = lses[first + row % heads * tokens + row / heads];
    }
    return merge.all(stack.withLses(turned));
  }

  private static double[] finished(double[] result, double greatest, double sum) {
    for (int i = 1; i < result.length; i++) {
      result[i] /= sum;
    }
    result[0] = greatest + Math.log(sum);
    return result;
  }
}

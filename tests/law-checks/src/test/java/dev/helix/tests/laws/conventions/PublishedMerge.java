package dev.helix.tests.laws.conventions;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A merge by the published rule of a convention, in the layout of that convention.
 *
 * @param faults the faults of the museum that it can have
 */
record PublishedMerge(Convention convention, RowRule rule, Set<RuleFault> faults) {
  /** The faults of sizes, which any merge of one launch can have. */
  private static final Set<RuleFault> OF_SIZES =
      EnumSet.of(
          RuleFault.SHARDS_BEYOND_A_TILE,
          RuleFault.HEADS_BEYOND_A_TILE,
          RuleFault.TOKENS_BEYOND_A_TILE,
          RuleFault.WIDTH_BEYOND_A_TILE,
          RuleFault.ONE_SHARD_GIVES_ZERO,
          RuleFault.TRANSPOSED_LSE,
          RuleFault.OTHER_BASE,
          RuleFault.ONE_PERCENT_OF_A_FACTOR,
          RuleFault.ONE_PERCENT_OF_A_WEIGHT);

  static List<PublishedMerge> all() {
    float none = Float.NEGATIVE_INFINITY;
    return List.of(
        of(
            NamedConventions.FLASHINFER,
            PublishedRules::runningState,
            RuleFault.SEEDED_FOLD,
            RuleFault.RAW_GAP),
        of(
            NamedConventions.VLLM_DCP,
            PublishedRules::weighedByMax,
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.ZERO_TIMES_NAN,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.VLLM_DCP_AGRS,
            PublishedRules.scaledByLse(false, DType.F32, DType.BF16),
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.ZERO_TIMES_NAN,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.VLLM_MERGE_STATES,
            PublishedRules::prefixAndSuffix,
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.BYPASSED_ROWS_MERGED,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.SGLANG_MLA,
            PublishedRules.scaledByLse(true, DType.F32, DType.F32),
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.SGLANG_MHA,
            PublishedRules.nanToZero(DType.BF16),
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.ZERO_TIMES_NAN,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.TRTLLM_HELIX,
            PublishedRules::pairs,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL),
        of(
            NamedConventions.FLASH_ATTENTION,
            PublishedRules.combine(false, none),
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.ZERO_TIMES_NAN,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL,
            RuleFault.ROUNDED_FIRST),
        of(
            NamedConventions.FLASHMLA,
            PublishedRules.combine(true, Float.POSITIVE_INFINITY),
            RuleFault.TWO_EMPTY_PARTIALS,
            RuleFault.ZERO_TIMES_NAN,
            RuleFault.RAW_GAP,
            RuleFault.FINITE_SENTINEL,
            RuleFault.ROUNDED_FIRST),
        of(NamedConventions.RING, PublishedRules::ring, RuleFault.SEEDED_FOLD, RuleFault.RAW_GAP));
  }

  private static PublishedMerge of(Convention convention, RowRule rule, RuleFault... own) {
    Set<RuleFault> faults = EnumSet.copyOf(OF_SIZES);
    faults.addAll(Arrays.asList(own));
    if (convention.contract().mostShards() <= 32) {
      faults.remove(RuleFault.SHARDS_BEYOND_A_TILE);
    }
    if (convention.contract().leastShards() > 1) {
      faults.remove(RuleFault.ONE_SHARD_GIVES_ZERO);
    }
    return new PublishedMerge(convention, rule, faults);
  }

  String name() {
    return convention.origin().name();
  }

  /** The merge, right or with a fault, under its convention. */
  MergeUnderTest with(Optional<RuleFault> fault) {
    return MergeUnderTest.of(convention, stack -> merged(stack, fault));
  }

  private Partial merged(PartialStack stack, Optional<RuleFault> fault) {
    ArrayIndex out =
        new ArrayIndex(convention.layout(), 1, stack.tokens(), stack.heads(), stack.dim());
    double[] outputs = new double[out.rows() * out.paddedDim()];
    double[] lses = new double[out.rows()];
    DType answer = convention.formats().answer();
    Read read = Read.of(stack, convention.base().nats(), fault);
    for (int token = 0; token < stack.tokens(); token++) {
      for (int head = 0; head < stack.heads(); head++) {
        RowRule.Row row = read.row(token, head);
        boolean merges = token < stack.mergedTokens() || read.is(RuleFault.BYPASSED_ROWS_MERGED);
        float[] merged = merges ? rule.merge(row, fault) : row.last();
        lses[out.weight(0, token, head)] = merged[0];
        int at = out.output(0, token, head) * out.paddedDim();
        for (int i = 0; i < stack.dim(); i++) {
          outputs[at + i] = answer.round(read.written(row, merged, token, head, i));
        }
      }
    }
    return convention.weights().returned() ? new Partial(outputs, lses) : new Partial(outputs);
  }

  /** Reads rows, and says what is written, with the faults of sizes. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares two.
  private record Read(
      PartialStack stack,
      double[] outputs,
      double[] weights,
      double[] sums,
      double nats,
      Optional<RuleFault> fault) {
    private static final int TILE_SHARDS = 32;
    private static final int TILE_HEADS = 64;
    private static final int TILE_TOKENS = 128;
    private static final int TILE_WIDTH = 256;

    static Read of(PartialStack stack, double nats, Optional<RuleFault> fault) {
      boolean pairs = stack.isPairs();
      return new Read(
          stack,
          stack.outputs(),
          pairs ? stack.maxima() : stack.lses(),
          pairs ? stack.sums() : new double[0],
          nats,
          fault);
    }

    RowRule.Row row(int token, int head) {
      boolean some = is(RuleFault.SHARDS_BEYOND_A_TILE);
      int shards = some ? Math.min(TILE_SHARDS, stack.shards()) : stack.shards();
      ArrayIndex in = stack.arrays();
      float[][] rowOutputs = new float[shards][stack.dim()];
      float[] rowWeights = new float[shards];
      float[] rowSums = new float[shards];
      int turned =
          is(RuleFault.TRANSPOSED_LSE) ? turned(token, head) : token * stack.heads() + head;
      for (int shard = 0; shard < shards; shard++) {
        int at = in.weight(shard, turned / stack.heads(), turned % stack.heads());
        boolean heavier = is(RuleFault.ONE_PERCENT_OF_A_WEIGHT) && shard % 3 == 0;
        double more = heavier ? Math.log(1.01) / nats : 0;
        rowWeights[shard] = (float) (weights[at] + more);
        rowSums[shard] = stack.isPairs() ? (float) sums[at] : 1;
        int from = in.output(shard, token, head) * in.paddedDim();
        for (int i = 0; i < stack.dim(); i++) {
          rowOutputs[shard][i] = (float) outputs[from + i];
        }
      }
      return new RowRule.Row(rowOutputs, rowWeights, rowSums);
    }

    /** The row that [tokens, heads] has where [heads, tokens] is read. */
    private int turned(int token, int head) {
      return head * stack.tokens() + token;
    }

    float written(RowRule.Row row, float[] merged, int token, int head, int i) {
      if (is(RuleFault.ONE_SHARD_GIVES_ZERO) && stack.shards() == 1) {
        return 0;
      }
      if (is(RuleFault.HEADS_BEYOND_A_TILE) && head >= TILE_HEADS) {
        return row.outputs()[0][i];
      }
      if (is(RuleFault.TOKENS_BEYOND_A_TILE) && token >= TILE_TOKENS) {
        return 0;
      }
      return merged[1 + (is(RuleFault.WIDTH_BEYOND_A_TILE) ? i % TILE_WIDTH : i)];
    }

    private boolean is(RuleFault one) {
      return fault.isPresent() && fault.get() == one;
    }
  }
}

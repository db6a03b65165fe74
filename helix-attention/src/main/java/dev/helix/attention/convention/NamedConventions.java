package dev.helix.attention.convention;

import dev.helix.attention.convention.Empties.Content;
import dev.helix.attention.convention.Layout.Packing;
import dev.helix.attention.convention.Layout.ShardAxis;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conventions of serving systems, as their sources had them on the day that each one names.
 * They are ordinary combinations of the values of this package: options, or the methods of {@link
 * Convention}, change them.
 */
public final class NamedConventions {
  private static final String READ = "2026-11-28";
  private static final double NONE = Double.NEGATIVE_INFINITY;
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  /** FlashInfer: one kernel merges the states of several index sets, in base 2. */
  public static final Convention FLASHINFER =
      new Convention(
          new Origin(
              "flashinfer",
              READ,
              "flashinfer-ai/flashinfer include/flashinfer/attention/cascade.cuh (MergeStates) at"
                  + " 00b57feb, state.cuh at 20031b15",
              "a row of which no index set has tokens, which gives NaN or an LSE of -50000, is not"
                  + " given"),
          bf16(Protocol.ONE_KERNEL),
          Weights.of(LogBase.TWO),
          Contract.ANY
              .with(Empties.ANYWHERE.holding(Content.FINITE).notInAllShards())
              .lsesUpTo(50_000)
              .copyingOne(true),
          Layout.TOKENS_FIRST.shards(ShardAxis.SECOND));

  /** vLLM: decode context parallelism, which is KVP, by all-to-all. */
  public static final Convention VLLM_DCP =
      new Convention(
          new Origin(
              "vllm-dcp",
              READ,
              "vllm-project/vllm vllm/v1/attention/ops/dcp.py and dcp_alltoall.py at 00b1dbe4 and"
                  + " 03752bec",
              ""),
          bf16(Protocol.ALL_TO_ALL),
          Weights.of(LogBase.E).marked(readingAll(Marks.of(NONE)).returning(NONE)),
          Contract.ANY.shards(2, Integer.MAX_VALUE),
          Layout.TOKENS_FIRST);

  /** vLLM: decode context parallelism by all-gather and reduce-scatter, which is its default. */
  public static final Convention VLLM_DCP_AGRS =
      new Convention(
          new Origin(
              "vllm-dcp-agrs",
              READ,
              "vllm-project/vllm vllm/v1/attention/ops/dcp.py at 00b1dbe4,"
                  + " vllm/attention/ops/common.py at 05a4e160",
              "a collective over BF16 rounds at each addition; an answer without tokens may have an"
                  + " LSE of NaN"),
          Roundings.of(Precision.BF16)
              .in(Formats.of(Precision.BF16).summedIn(DType.BF16))
              .under(Protocol.SCALE_AND_REDUCE),
          Weights.of(LogBase.E).marked(readingAll(Marks.of(NONE)).returning(NONE, Double.NaN)),
          Contract.ANY.shards(2, Integer.MAX_VALUE),
          Layout.TOKENS_FIRST);

  /** vLLM: attention over a cached prefix is merged with attention over the new tokens. */
  public static final Convention VLLM_MERGE_STATES =
      new Convention(
          new Origin(
              "vllm-merge-states",
              READ,
              "vllm-project/vllm csrc/attention/merge_attn_states.cu at 0150b0ba",
              "rows behind the tokens that have a prefix take the second part as it is"),
          bf16(Protocol.ONE_KERNEL),
          Weights.of(LogBase.E)
              .marked(new Marks(List.of(NONE, INFINITE), List.of(), List.of(NONE), false)),
          Contract.ANY
              .shards(2, 2)
              .with(Empties.ANYWHERE.holding(Content.FINITE).answering(Content.ANYTHING))
              .bypassing(true),
          Layout.dense(AxisOrder.TOKENS_FIRST, AxisOrder.HEADS_FIRST));

  /** SGLang: decode context parallelism of latent attention. */
  public static final Convention SGLANG_MLA =
      new Convention(
          new Origin(
              "sglang-mla",
              READ,
              "sgl-project/sglang python/sglang/srt/layers/dcp/comm.py (cp_lse_ag_out_rs_mla) at"
                  + " 00ac7105",
              ""),
          bf16(Protocol.SCALE_AND_REDUCE),
          Weights.of(LogBase.TWO).marked(readingAll(Marks.of(NONE))).returning(false),
          Contract.ANY.shards(2, Integer.MAX_VALUE).with(Empties.ANYWHERE.holding(Content.FINITE)),
          Layout.TOKENS_FIRST);

  /** SGLang: decode context parallelism of multi-head and grouped-query attention. */
  public static final Convention SGLANG_MHA =
      new Convention(
          new Origin(
              "sglang-mha",
              READ,
              "sgl-project/sglang python/sglang/srt/layers/dcp/comm.py (cp_lse_ag_out_rs_mha) at"
                  + " 00ac7105",
              "the scale is rounded to BF16 before the product; a row that no shard has tokens of"
                  + " may have an LSE of NaN"),
          Roundings.of(Precision.BF16)
              .in(Formats.of(Precision.BF16).summedIn(DType.BF16).withFactor(DType.BF16))
              .under(Protocol.SCALE_AND_REDUCE),
          Weights.of(LogBase.E).marked(readingAll(Marks.of(NONE)).returning(NONE, Double.NaN)),
          Contract.ANY.shards(2, Integer.MAX_VALUE).losingNan(true),
          Layout.TOKENS_FIRST);

  /**
   * TensorRT-LLM: Helix Parallelism, whose (max, sum) pairs are cleaned where a rank has no tokens.
   */
  public static final Convention TRTLLM_HELIX =
      new Convention(
          new Origin(
              "trtllm-helix",
              READ,
              "NVIDIA/TensorRT-LLM cpp/tensorrt_llm/kernels/helixKernels.cu at 000d88bc,"
                  + " attention.py",
              "states are merged after they were cleaned by kv_lens == 0: maximum -inf, sum 0,"
                  + " output 0"),
          bf16(Protocol.ALL_TO_ALL),
          Weights.of(LogBase.E).as(WeightForm.MAX_SUM).returning(false),
          Contract.ANY.with(Empties.ANYWHERE.holding(Content.ZERO).notInAllShards()).shards(1, 256),
          Layout.TOKENS_FIRST.packed(Packing.PAIRS));

  /** FlashAttention: one kernel attends to splits of the cache, and another one combines them. */
  public static final Convention FLASH_ATTENTION =
      new Convention(
          new Origin(
              "flash-attention",
              READ,
              "Dao-AILab/flash-attention hopper/flash_fwd_combine_kernel.h (FlashAttention 3) at"
                  + " 0251105a",
              "FlashAttention 2 takes at most 128 splits and marks a row without tokens by +inf"),
          bf16(Protocol.ONE_KERNEL_BY_LSE).in(Formats.of(Precision.BF16).withPartial(DType.F32)),
          Weights.of(LogBase.E).marked(Marks.of(NONE).returning(NONE, INFINITE)),
          Contract.ANY.shards(1, 256),
          Layout.dense(AxisOrder.TOKENS_FIRST, AxisOrder.HEADS_FIRST));

  /** FlashMLA: the same for latent attention. */
  public static final Convention FLASHMLA =
      new Convention(
          new Origin(
              "flashmla",
              READ,
              "deepseek-ai/FlashMLA csrc/smxx/mla_combine.cu at 6f6c4e10, README at 9241ae3",
              ""),
          bf16(Protocol.ONE_KERNEL_BY_LSE).in(Formats.of(Precision.BF16).withPartial(DType.F32)),
          Weights.of(LogBase.TWO)
              .answeredIn(LogBase.E)
              .marked(
                  new Marks(
                      List.of(NONE), List.of(Double.NaN, INFINITE), List.of(INFINITE), false)),
          Contract.ANY.shards(1, 160),
          Layout.dense(AxisOrder.TOKENS_FIRST, AxisOrder.HEADS_FIRST));

  /** Ring attention: one block after the other is merged into a running output and LSE. */
  public static final Convention RING =
      new Convention(
          new Origin(
              "ring",
              READ,
              "zhuzilin/ring-flash-attention ring_flash_attn/utils.py at 8996282",
              ""),
          bf16(Protocol.RING),
          Weights.of(LogBase.E),
          Contract.ANY.with(Empties.NEVER).copyingOne(true),
          Layout.dense(AxisOrder.TOKENS_FIRST, AxisOrder.HEADS_FIRST));

  private NamedConventions() {}

  /** All conventions, in the order in which they are listed. */
  public static List<Convention> all() {
    return List.of(
        FLASHINFER,
        VLLM_DCP,
        VLLM_DCP_AGRS,
        VLLM_MERGE_STATES,
        SGLANG_MLA,
        SGLANG_MHA,
        TRTLLM_HELIX,
        FLASH_ATTENTION,
        FLASHMLA,
        RING);
  }

  /**
   * The convention of this name.
   *
   * @throws InvalidInputException with all names, if there is none
   */
  public static Convention named(String name) {
    return all().stream()
        .filter(convention -> convention.origin().name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, List.of()));
  }

  /** Refuses a name, where some more conventions than these have one. */
  static InvalidInputException unknown(String name, List<Convention> more) {
    return new InvalidInputException(
        "convention: expected %s, got '%s'"
            .formatted(
                Stream.concat(all().stream(), more.stream())
                    .map(convention -> convention.origin().name())
                    .collect(Collectors.joining(", ")),
                name));
  }

  private static Roundings bf16(Protocol protocol) {
    return Roundings.of(Precision.BF16).under(protocol);
  }

  /** These marks where NaN and +∞ are taken for "no tokens" too. */
  private static Marks readingAll(Marks marks) {
    return marks.readingAlso(Double.NaN, INFINITE);
  }
}

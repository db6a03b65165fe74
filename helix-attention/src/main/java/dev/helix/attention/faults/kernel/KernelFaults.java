package dev.helix.attention.faults.kernel;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** The faults of the kernel that attends over one rank's tokens. */
public final class KernelFaults {
  public static final AttentionFault EMPTY_IS_INFINITE =
      new KernelFault(
          new FaultStory(
              "an empty shard reports LSE +inf",
              "vllm-project/vllm#15492, Dao-AILab/flash-attention#978",
              "Kernels return +∞ for a row that sees nothing, so that exp(s − LSE) is 0 in "
                  + "the backward pass. Merged, it takes all the weight.",
              "No single kernel test merges; every rank of a short prompt does."),
          KernelChanges::emptyIsInfinite);

  public static final AttentionFault EMPTY_IS_RUBBISH =
      new KernelFault(
          new FaultStory(
              "an empty shard reports a finite LSE and rubbish",
              "vllm-project/vllm#38416, vllm-project/vllm#49294",
              "A row that sees nothing leaves early, and its output and LSE stay what the "
                  + "memory held before.",
              "Often that is 0, a plausible LSE."),
          KernelChanges::emptyIsRubbish);

  public static final AttentionFault PADDING =
      new KernelFault(
          new FaultStory(
              "padding rows contribute",
              "vllm-project/vllm#54889",
              "Slots behind the last token, there to fill a tile or a graph's fixed batch, "
                  + "are scored like tokens.",
              "Zeroed padding scores 0 and only dilutes; tests with lengths that fill the "
                  + "tile have none."),
          KernelChanges::padding);

  public static final AttentionFault OTHER_STATS =
      new KernelFault(
          new FaultStory(
              "stats exported with another softmax scale",
              "NVIDIA/TensorRT-LLM#19112",
              "Scores are scaled, the exported statistics are not (or twice).",
              "The kernel's own output is right, so its tests pass; the weights of the merge "
                  + "are those of another temperature."),
          KernelChanges::otherStats);

  public static final AttentionFault CAP_AFTER_MASK =
      new KernelFault(
          new FaultStory(
              "soft cap applied after the mask",
              "flashinfer-ai/flashinfer#350",
              "c·tanh(−∞/c) = −c: masked slots come back with a finite score.",
              "With c = 50 their weight is e^−50 of a typical one and no test notices, until "
                  + "a row's true scores are low or everything is masked."),
          KernelChanges::capAfterMask);

  public static final AttentionFault UNCAPPED =
      new KernelFault(
          new FaultStory(
              "soft cap dropped in the partial",
              "flashinfer-ai/flashinfer#350",
              "The split-KV variant of a kernel lacks the cap that the whole one has.",
              "Small scores are hardly capped, and random ones are small."),
          KernelChanges::uncapped);

  public static final AttentionFault SINK_NEVER_COUNTED =
      new KernelFault(
          new FaultStory(
              "attention sink never counted",
              "InternLM/lmdeploy#3951",
              "The split path drops the sink.",
              "Its weight is small in long contexts, and its absence only scales the output."),
          KernelChanges::withoutSinks);

  public static final AttentionFault ROUNDED_NUMERATOR =
      new KernelFault(
          new FaultStory(
              "probabilities rounded in the numerator only",
              "Dao-AILab/flash-attention#2721",
              "P is rounded to BF16 to multiply V; the sum that divides is of unrounded P.",
              "The errors of random values average out."),
          KernelChanges::roundedNumerator);

  public static final ScalesFault SCALES_SWAPPED =
      new ScalesFault(
          new FaultStory(
              "K and V quantisation scales swapped",
              "NVIDIA/TensorRT-LLM#16916, vllm-project/vllm#55557",
              "Swapped, scores have the temperature of one and outputs the size of the other.",
              "Both scales are per tensor, often both 1, and in tests equal."),
          right -> new QuantisationScales(right.value(), right.key()));

  public static final ScalesFault SCALES_NOT_APPLIED =
      new ScalesFault(
          new FaultStory(
              "K and V quantisation scales not applied",
              "NVIDIA/TensorRT-LLM#16916, vllm-project/vllm#55557",
              "A path that reads a quantised cache leaves out the scales, and attends to the "
                  + "stored numbers.",
              "With scales of 1, the default of a checkpoint without any, nothing changes."),
          right -> new QuantisationScales(1, 1));

  public static final AttentionFault OTHER_GROUPS =
      new KernelFault(
          new FaultStory(
              "query heads read the KV heads of other groups",
              "sgl-project/sglang#32858",
              "KV head h mod K in place of h / (Q/K).",
              "With one KV head, or as many as query heads, both are the same."),
          HeadChanges::otherGroups);

  public static final AttentionFault RESTARTED_RATIO =
      new KernelFault(
          new FaultStory(
              "GQA ratio restarted per rank",
              "sgl-project/sglang#34161",
              "Each rank of a KVP group counts query heads from the first that it keeps after "
                  + "the exchange, and divides that index by Q/K: the later KV heads are read by "
                  + "nobody.",
              "On one rank, or with one KV head on each, it is right."),
          HeadChanges::restartedRatio);

  public static final AttentionFault LOCAL_BOUND =
      new KernelFault(
          new FaultStory(
              "causal bound applied to the rank-local length",
              "lightseekorg/tokenspeed#364",
              "The bound is a global position, compared with an index into the rank's own "
                  + "tokens, which is smaller: tokens of the same step that come later are seen.",
              "With one query token there are none."),
          KernelChanges::localBound);

  public static final AttentionFault DRAFTS_UNMASKED =
      new KernelFault(
          new FaultStory(
              "no mask among drafts",
              "vllm-project/vllm-ascend#11072",
              "The tokens of a request that are verified in one step are already in the cache, "
                  + "and each of them sees all of it: those behind it too.",
              "Decoding one token a step, there is none behind; the last of several is right."),
          KernelChanges::draftsUnmasked);

  public static final AttentionFault WINDOW_SHORT =
      new KernelFault(
          new FaultStory(
              "a window one key short",
              "lightseekorg/tokenspeed#578",
              "A window of W counts the query's own key in the model, and W keys before it, or "
                  + "W − 1, in the kernel: the oldest key is lost.",
              "It is one of thousands, and contexts below W have no window."),
          KernelChanges::windowShort);

  public static final AttentionFault SINK_ON_EVERY_RANK =
      new KernelFault(
          new FaultStory(
              "attention sink counted once per rank",
              "ROCm/rocm-libraries#12229",
              "Every rank adds exp(sink) to its own sum; merged, the sink weighs N times.",
              "At N = 1 it is right."),
          KernelChanges::sinksOnEveryRank);

  private KernelFaults() {}

  /** All faults of the kernel. */
  public static List<AttentionFault> all() {
    return List.of(
        EMPTY_IS_INFINITE,
        EMPTY_IS_RUBBISH,
        PADDING,
        OTHER_STATS,
        CAP_AFTER_MASK,
        UNCAPPED,
        SINK_NEVER_COUNTED,
        ROUNDED_NUMERATOR,
        SCALES_SWAPPED,
        SCALES_NOT_APPLIED,
        OTHER_GROUPS,
        RESTARTED_RATIO,
        LOCAL_BOUND,
        DRAFTS_UNMASKED,
        WINDOW_SHORT,
        SINK_ON_EVERY_RANK);
  }
}

package dev.helix.laws.museum;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.List;

/** Faults of the kernel that makes the states, as launched by itself and in the decode. */
final class AttentionExhibits {
  private AttentionExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            "an empty shard reports LSE +inf",
            "vllm-project/vllm#15492, Dao-AILab/flash-attention#978",
            "Kernels return +∞ for a row that sees nothing, so that exp(s − LSE) is 0 in the"
                + " backward pass. Merged, it takes all the weight. No single kernel test merges;"
                + " every rank of a short prompt does. Caught where an empty shard must be (0,"
                + " −∞).",
            List.of(Law.ATTENTION_EMPTY, Law.ATTENTION_PARTITION),
            launch -> KernelFaults.empty(launch, 0, Double.POSITIVE_INFINITY)),
        exhibit(
            "an empty shard reports a finite LSE and rubbish",
            "vllm-project/vllm#38416, vllm-project/vllm#49294",
            "A row that sees nothing leaves early, and its output and LSE stay what the memory held"
                + " before. Often that is 0, a plausible LSE. Caught where an empty shard must be"
                + " (0, −∞), and by the merge of shards one of which is empty.",
            List.of(Law.ATTENTION_EMPTY, Law.ATTENTION_PARTITION),
            launch -> KernelFaults.empty(launch, 0.25, 0.25)),
        exhibit(
            "padding rows contribute",
            "vllm-project/vllm#54889",
            "Slots behind the last token, there to fill a tile or a graph's fixed batch, are scored"
                + " like tokens. Zeroed padding scores 0 and only dilutes; tests with lengths that"
                + " fill the tile have none. Caught by poison in the padding.",
            List.of(Law.ATTENTION_PADDING, Law.ATTENTION_DEFINITION),
            KernelFaults::padding),
        exhibit(
            "stats exported with another softmax scale",
            "NVIDIA/TensorRT-LLM#19112",
            "Scores are scaled, the exported statistics are not (or twice). The kernel's own output"
                + " is right, so its tests pass; the weights of the merge are those of another"
                + " temperature. Caught by the merged state of several unequal shards, and by the"
                + " LSE's definition.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::otherStats),
        exhibit(
            "soft cap applied after the mask",
            "flashinfer-ai/flashinfer#350",
            "c·tanh(−∞/c) = −c: masked slots come back with a finite score. With c = 50 their"
                + " weight is e^−50 of a typical one and no test notices, until a row's true scores"
                + " are low or everything is masked. Caught by the definition under small caps, and"
                + " by shards that see nothing.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::capAfterMask),
        exhibit(
            "soft cap dropped in the partial",
            "flashinfer-ai/flashinfer#350",
            "The split-KV variant of a kernel lacks the cap that the whole one has. Small scores"
                + " are hardly capped, and random ones are small. Caught by the definition, with"
                + " scores of the order of the cap.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::uncapped),
        exhibit(
            "attention sink never counted",
            "InternLM/lmdeploy#3951",
            "The split path drops the sink. Its weight is small in long contexts, and its absence"
                + " only scales the output. Caught by the definition.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            launch -> KernelFaults.sinks(launch, List.of())),
        exhibit(
            "probabilities rounded in the numerator only",
            "Dao-AILab/flash-attention#2721",
            "P is rounded to BF16 to multiply V; the sum that divides is of unrounded P. The errors"
                + " of random values average out. Values that are all the same must come back, and"
                + " do not. Caught by constant values.",
            List.of(Law.ATTENTION_CONSTANT_VALUES),
            KernelFaults::roundedNumerator),
        plain(
            "K and V quantisation scales swapped",
            "NVIDIA/TensorRT-LLM#16916, vllm-project/vllm#55557",
            "Both scales are per tensor, often both 1, and in tests equal. Swapped, scores have the"
                + " temperature of one and outputs the size of the other. Caught by the definition,"
                + " with scales that differ.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_CONSTANT_VALUES),
            new PlainAttention() {
              @Override
              double keyScale(AttentionInput in) {
                return in.valueScale();
              }

              @Override
              double valueScale(AttentionInput in) {
                return in.keyScale();
              }
            }),
        plain(
            "K and V quantisation scales not applied",
            "NVIDIA/TensorRT-LLM#16916, vllm-project/vllm#55557",
            "A path that reads a quantised cache leaves out the scales, and attends to the stored"
                + " numbers. With scales of 1, the default of a checkpoint without any, nothing"
                + " changes. Caught by the definition, with scales that are not 1.",
            List.of(
                Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION, Law.ATTENTION_CONSTANT_VALUES),
            new PlainAttention() {
              @Override
              double keyScale(AttentionInput in) {
                return 1;
              }

              @Override
              double valueScale(AttentionInput in) {
                return 1;
              }
            }),
        exhibit(
            "query heads read the KV heads of other groups",
            "sgl-project/sglang#32858",
            "KV head h mod K in place of h / (Q/K). With one KV head, or as many as query heads,"
                + " both are the same. Caught by the definition on 4 over 2, 28 over 7, 32 over 2"
                + " heads.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::otherGroups),
        exhibit(
            "GQA ratio restarted per rank",
            "sgl-project/sglang#34161",
            "Each rank of a KVP group counts query heads from the first that it keeps after the"
                + " exchange, and divides that index by Q/K: the later KV heads are read by nobody."
                + " On one rank, or with one KV head on each, it is right. Caught by the definition"
                + " and the unsharded pass with several of both.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::restartedRatio),
        exhibit(
            "causal bound applied to the rank-local length",
            "lightseekorg/tokenspeed#364",
            "The bound is a global position, compared with an index into the rank's own tokens,"
                + " which is smaller: tokens of the same step that come later are seen. With one"
                + " query token there are none. Caught by several query tokens on several shards.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION),
            KernelFaults::localBound));
  }

  private static Exhibit exhibit(
      String name, String seenIn, String story, List<Law> killers, FaultyFlashDecode.Fault fault) {
    List<Law> both = new ArrayList<>(killers);
    both.add(Law.DECODE_UNSHARDED);
    return new Exhibit(
        name,
        seenIn,
        story,
        both,
        List.of(
            BuiltInAttention.fp64(correct -> new FaultyFlashDecode(correct, fault)),
            new DecodeUnderTest() {
              @Override
              public AttentionKernels<Fp64Tensor> kernels(
                  Place place, AttentionKernels<Fp64Tensor> correct) {
                return new FaultyFlashDecode(correct, fault);
              }
            }));
  }

  /** Of what this project's kernels have not got. */
  private static Exhibit plain(
      String name, String seenIn, String story, List<Law> killers, PlainAttention faulty) {
    return new Exhibit(
        name,
        seenIn,
        story,
        killers,
        AttentionUnderTest.of(Convention.of(Precision.FP64), faulty::partial));
  }
}

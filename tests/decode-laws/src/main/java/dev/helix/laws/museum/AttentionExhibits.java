package dev.helix.laws.museum;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.kernel.KernelFaults;
import dev.helix.attention.faults.kernel.QuantisationScales;
import dev.helix.attention.faults.kernel.ScalesFault;
import dev.helix.attention.faults.rotary.RotaryFaults;
import dev.helix.laws.Law;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;
import java.util.ArrayList;
import java.util.List;

/** Faults of the kernel that computes partial states, shown by itself and in the decode. */
final class AttentionExhibits {
  private static final List<Law> TURNS =
      List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION, Law.ATTENTION_POSITIONS);

  private AttentionExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            KernelFaults.EMPTY_IS_INFINITE,
            "Caught where an empty shard must be (0, −∞).",
            List.of(Law.ATTENTION_EMPTY, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.EMPTY_IS_RUBBISH,
            "Caught where an empty shard must be (0, −∞), and by the merge of shards one of "
                + "which is empty.",
            List.of(Law.ATTENTION_EMPTY, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.PADDING,
            "Caught by poison in the padding.",
            List.of(Law.ATTENTION_PADDING, Law.ATTENTION_DEFINITION)),
        exhibit(
            KernelFaults.OTHER_STATS,
            "Caught by the merged state of several unequal shards, and by the LSE's "
                + "definition.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.CAP_AFTER_MASK,
            "Caught by the definition under small caps, and by shards that see nothing.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.UNCAPPED,
            "Caught by the definition, with scores of the order of the cap.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.SINK_NEVER_COUNTED,
            "Caught by the definition.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.ROUNDED_NUMERATOR,
            "Values that are all the same must come back, and do not. Caught by constant "
                + "values.",
            List.of(Law.ATTENTION_CONSTANT_VALUES)),
        plain(
            KernelFaults.SCALES_SWAPPED,
            "Caught by the definition, with scales that differ.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_CONSTANT_VALUES)),
        plain(
            KernelFaults.SCALES_NOT_APPLIED,
            "Caught by the definition, with scales that are not 1.",
            List.of(
                Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION, Law.ATTENTION_CONSTANT_VALUES)),
        exhibit(
            KernelFaults.OTHER_GROUPS,
            "Caught by the definition on 4 over 2, 28 over 7, 32 over 2 heads.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.RESTARTED_RATIO,
            "Caught by the definition and the unsharded pass with several of both.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.LOCAL_BOUND,
            "Caught by several query tokens on several shards.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.DRAFTS_UNMASKED,
            "Caught by four query tokens, the later of which weigh most.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        exhibit(
            KernelFaults.WINDOW_SHORT,
            "Caught where the oldest key in the window outweighs all others.",
            List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION)),
        turned(
            RotaryFaults.POSITIONS_IN_BF16,
            "Caught by adding 255 to all positions, of which the result knows nothing.",
            List.of(Law.ATTENTION_POSITIONS)),
        turned(
            RotaryFaults.TABLE_ENDS,
            "Caught by adding 4095 to all positions, of which the result knows nothing.",
            List.of(Law.ATTENTION_POSITIONS)),
        turned(
            RotaryFaults.LLAMA3_NOT_APPLIED,
            "Caught by the definition with 20 tokens, where the original context is of 64.",
            TURNS),
        turned(
            RotaryFaults.RATIO_NOT_TAKEN,
            "Caught by the definition with magnitudes that are equal, and with others.",
            TURNS),
        turned(
            RotaryFaults.ALL_DIM_FOR_RATIO,
            "Caught by the definition with magnitudes that are equal, and with others.",
            TURNS),
        turned(
            RotaryFaults.SCORES_WITHOUT_MSCALE,
            "Caught by the definition with more than one key.",
            TURNS));
  }

  /** An exhibit that shows only in an attention that turns queries and keys itself. */
  private static Exhibit turned(AttentionFault fault, String caught, List<Law> killers) {
    return new Exhibit(fault, caught, killers, BuiltInAttention.fp64(fault));
  }

  private static Exhibit exhibit(AttentionFault fault, String caught, List<Law> killers) {
    List<Law> both = new ArrayList<>(killers);
    both.add(Law.DECODE_UNSHARDED);
    return new Exhibit(
        fault, caught, both, List.of(BuiltInAttention.fp64(fault), new FaultyDecode(fault)));
  }

  /** An exhibit in the textbook attention, because this project's kernels have no such scales. */
  private static Exhibit plain(ScalesFault fault, String caught, List<Law> killers) {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double keyScale(AttentionInput in) {
            return used(in).key();
          }

          @Override
          double valueScale(AttentionInput in) {
            return used(in).value();
          }

          private QuantisationScales used(AttentionInput in) {
            return fault.used(new QuantisationScales(in.keyScale(), in.valueScale()));
          }
        };
    return new Exhibit(
        fault,
        caught,
        killers,
        AttentionUnderTest.of(Convention.of(Precision.FP64), faulty::partial));
  }
}

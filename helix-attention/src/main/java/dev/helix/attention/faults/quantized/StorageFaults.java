package dev.helix.attention.faults.quantized;

import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** The faults of quantised caches that serving systems have shipped. */
public final class StorageFaults {
  public static final StorageFault SCALE_OF_THE_SHARD =
      new StorageFault(
          new FaultStory(
              "a scale of the cache computed from the tokens of one rank",
              "vllm-project/vllm#11906",
              "A cache in FP8 has no scale in the checkpoint, and a rank computes one from the"
                  + " tokens that it has seen first. With the sequence split, every rank has seen"
                  + " others.",
              "On one rank, and for prompts like the first, it is a good scale."),
          QuantizationFault.SCALE_OF_THE_SHARD);

  public static final StorageFault SCALE_OF_A_PAGE =
      new StorageFault(
          new FaultStory(
              "a scale of the cache shared by the tokens of a page",
              "openvinotoolkit/openvino#29023",
              "Keys have their scales along the tokens of a page, and a page that gets a token is"
                  + " rounded anew. What is stored of a token depends on its neighbours, which"
                  + " are others when the sequence is split. Here a page has one scale, of the"
                  + " largest number so far.",
              "One rank always has the same neighbours, and to one rank it is a choice, not a"
                  + " fault."),
          QuantizationFault.SCALE_OF_A_PAGE);

  public static final StorageFault TWICE =
      new StorageFault(
          new FaultStory(
              "a token of the cache rounded twice",
              "FlashML-org/FreeToken#103, FlashML-org/FreeToken#85",
              "The conversion to FP8 goes through FP16. A number just beyond the midpoint of two"
                  + " codes becomes that midpoint, and the second rounding sends it to the wrong"
                  + " one of them. Here numbers go through BF16, and through MXFP8 to FP4.",
              "One number of some hundred is one code off, and a tolerance for FP8 is wide."),
          QuantizationFault.TWICE);

  public static final StorageFault BLOCKS_OF_VALUES_TURNED =
      new StorageFault(
          new FaultStory(
              "scales of blocks of V read in another order",
              "vllm-project/vllm#50084",
              "The scales of NVFP4 values are written in the order that one kernel wants, and"
                  + " read by another one in linear order. Those of keys are linear in both.",
              "Shapes and types fit, and a tolerance for FP4 is wide."),
          QuantizationFault.BLOCKS_OF_VALUES_TURNED);

  public static final StorageFault NIBBLES_SWAPPED =
      new StorageFault(
          new FaultStory(
              "the halves of a byte in FP4 read in another order",
              "kekzl/imp#567",
              "Two FP4 numbers share a byte, and formats differ in which of them is in the low"
                  + " half. Sizes and scales are the same in both orders.",
              "What wrote a file in the wrong order reads it back in the same order."),
          QuantizationFault.NIBBLES_SWAPPED);

  private StorageFaults() {}

  /** All faults of quantised caches. */
  public static List<StorageFault> all() {
    return List.of(
        SCALE_OF_THE_SHARD, SCALE_OF_A_PAGE, TWICE, BLOCKS_OF_VALUES_TURNED, NIBBLES_SWAPPED);
  }
}

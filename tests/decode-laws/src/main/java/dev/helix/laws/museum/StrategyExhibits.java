package dev.helix.laws.museum;

import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.laws.Law;
import dev.helix.laws.museum.faulty.FaultyStrategies;
import dev.helix.laws.strategy.StrategyUnderTest;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** Faults that the rivals of Helix can have and Helix itself has no place for. */
final class StrategyExhibits {
  private StrategyExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            FaultSeam.EXCHANGE,
            new FaultStory(
                "expert outputs combined from the ranks of other tokens",
                "vllm-project/vllm#52639",
                "The list of experts by which a rank gathers the outputs of its tokens has been"
                    + " overwritten by that of the tokens which came to it. Here rows come back in"
                    + " another order of ranks.",
                "On one node and on two all answers were right."),
            "Caught by rows that are sent there and back, and by experts on several ranks.",
            List.of(Law.STRATEGY_EXCHANGES, Law.STRATEGY_PROJECTIONS),
            FaultyStrategies.combinedElsewhere()),
        exhibit(
            FaultSeam.FFN,
            new FaultStory(
                "what the combine has summed is summed again",
                "sgl-project/sglang#34887",
                "The combine returns whole sums, and an all-reduce behind it, meant for exchanges"
                    + " that return parts, adds terms that are in them already. Here a token with"
                    + " an expert on its own rank counts twice there.",
                "Other exchanges of the same model need the all-reduce."),
            "Caught by experts on several ranks.",
            List.of(Law.STRATEGY_PROJECTIONS, Law.STRATEGY_RELABELLED),
            FaultyStrategies.ownTokenTwice()),
        exhibit(
            FaultSeam.EXCHANGE,
            new FaultStory(
                "a stage's state is overwritten before it is sent",
                "vllm-project/vllm#54962",
                "A pipeline stage begins its next pass while the state of the one before is still"
                    + " being sent from the same buffer, and the next stage works on another"
                    + " micro-batch than it thinks. Here it gets the micro-batch before.",
                "A prompt of one chunk is sent in time, and so is most of what a benchmark asks."),
            "Caught by two states in a row, and by micro-batches of one size.",
            List.of(Law.STRATEGY_EXCHANGES, Law.STRATEGY_ATTENTION),
            FaultyStrategies.staleSend()),
        exhibit(
            FaultSeam.EXCHANGE,
            new FaultStory(
                "parts gathered in the order of another axis of ranks",
                "THUDM/slime#1871",
                "Parts that several ranks have are gathered and put together in another order than"
                    + " that in which they were dealt. Here blocks of heads go to the ranks of a"
                    + " fixed group in another order.",
                "Sizes fit, nothing is lost, and a group of one rank has only one order."),
            "Caught by blocks that tell where they are from, and by a fixed group of several ranks"
                + " of one KVP group.",
            List.of(Law.STRATEGY_EXCHANGES, Law.STRATEGY_ATTENTION),
            FaultyStrategies.turnedGather()),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "a KV head that stands on several ranks is written on one",
                "vllm-project/vllm-ascend#3366",
                "With more tensor parallel ranks than KV heads, several ranks keep the same head."
                    + " What fills their caches counts each head once, and the copies stay"
                    + " unwritten.",
                "With no more ranks than KV heads there are no copies."),
            "Caught by eight ranks for four KV heads.",
            List.of(Law.STRATEGY_ATTENTION),
            FaultyStrategies.writtenOnce()),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "a scale of the cache computed from the tokens of one rank",
                "vllm-project/vllm#11906",
                "A cache in FP8 has no scale in the checkpoint, and a rank computes one from the"
                    + " tokens that it has seen first. With the sequence split, every rank has seen"
                    + " others.",
                "On one rank, and for prompts like the first, it is a good scale."),
            "Caught by bits that are no right rounding under the constant scale.",
            List.of(Law.STRATEGY_CACHE, Law.STRATEGY_ATTENTION),
            FaultyStrategies.storing(QuantizationFault.SCALE_OF_THE_SHARD)),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "a scale of the cache shared by the tokens of a page",
                "openvinotoolkit/openvino#29023",
                "Keys have their scales along the tokens of a page, and a page that gets a token is"
                    + " rounded anew. What is stored of a token depends on its neighbours, which"
                    + " are others when the sequence is split. Here a page has one scale, of the"
                    + " largest number so far.",
                "One rank always has the same neighbours, and to one rank it is a choice, not a"
                    + " fault."),
            "Caught by bits that are no right rounding under the scale of a token's own numbers.",
            List.of(Law.STRATEGY_CACHE),
            FaultyStrategies.storing(QuantizationFault.SCALE_OF_A_PAGE)),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "a token of the cache rounded twice",
                "FlashML-org/FreeToken#103, FlashML-org/FreeToken#85",
                "The conversion to FP8 goes through FP16. A number just beyond the midpoint of two"
                    + " codes becomes that midpoint, and the second rounding sends it to the wrong"
                    + " one of them. Here numbers go through BF16, and through MXFP8 to FP4.",
                "One number of some hundred is one code off, and a tolerance for FP8 is wide."),
            "Caught by codes that are not the nearest to the number itself.",
            List.of(Law.STRATEGY_CACHE),
            FaultyStrategies.storing(QuantizationFault.TWICE)),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "scales of blocks of V read in another order",
                "vllm-project/vllm#50084",
                "The scales of NVFP4 values are written in the order that one kernel wants, and"
                    + " read by another one in linear order. Those of keys are linear in both.",
                "Shapes and types fit, and a tolerance for FP4 is wide."),
            "Caught by heads of several blocks, compared with what the stored bits stand for.",
            List.of(Law.STRATEGY_ATTENTION),
            FaultyStrategies.storing(QuantizationFault.BLOCKS_OF_VALUES_TURNED)),
        exhibit(
            FaultSeam.CACHE,
            new FaultStory(
                "the halves of a byte in FP4 read in another order",
                "kekzl/imp#567",
                "Two FP4 numbers share a byte, and formats differ in which of them is in the low"
                    + " half. Sizes and scales are the same in both orders.",
                "What wrote a file in the wrong order reads it back in the same order."),
            "Caught by bits that are read by another program.",
            List.of(Law.STRATEGY_ATTENTION),
            FaultyStrategies.storing(QuantizationFault.NIBBLES_SWAPPED)));
  }

  private static Exhibit exhibit(
      FaultSeam seam,
      FaultStory story,
      String caught,
      List<Law> killers,
      StrategyUnderTest variant) {
    return new Exhibit(new ShownFault(seam, story), caught, killers, variant);
  }
}

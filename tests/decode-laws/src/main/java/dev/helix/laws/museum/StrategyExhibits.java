package dev.helix.laws.museum;

import dev.helix.attention.faults.quantized.StorageFault;
import dev.helix.attention.faults.quantized.StorageFaults;
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
        stored(
            StorageFaults.SCALE_OF_THE_SHARD,
            "Caught by bits that are no right rounding under the constant scale.",
            List.of(Law.STRATEGY_CACHE, Law.STRATEGY_ATTENTION)),
        stored(
            StorageFaults.SCALE_OF_A_PAGE,
            "Caught by bits that are no right rounding under the scale of a token's own numbers.",
            List.of(Law.STRATEGY_CACHE)),
        stored(
            StorageFaults.TWICE,
            "Caught by codes that are not the nearest to the number itself.",
            List.of(Law.STRATEGY_CACHE)),
        stored(
            StorageFaults.BLOCKS_OF_VALUES_TURNED,
            "Caught by heads of several blocks, compared with what the stored bits stand for.",
            List.of(Law.STRATEGY_ATTENTION)),
        stored(
            StorageFaults.NIBBLES_SWAPPED,
            "Caught by bits that are read by another program.",
            List.of(Law.STRATEGY_ATTENTION)));
  }

  private static Exhibit stored(StorageFault fault, String caught, List<Law> killers) {
    return new Exhibit(fault, caught, killers, FaultyStrategies.storing(fault.change()));
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

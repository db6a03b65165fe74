package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.placement.PlacementStep;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.placement.TokenPlacement;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** Faults of placement: ranks that have a wrong view of the owners or slots of tokens. */
final class PlacementExhibits {
  private PlacementExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            new FaultStory(
                "slots computed as if all requests brought as many new tokens",
                "vllm-project/vllm-ascend#8547",
                "The slots of a step are computed for a uniform number of new tokens for each"
                    + " request. Rows behind the first request that brings more or fewer get the"
                    + " slots of other tokens.",
                "In plain decode each request brings one."),
            "Caught by a step in which requests bring one and three tokens.",
            List.of(Law.PLACEMENT_STEPS),
            new AsManyOfEach()),
        exhibit(
            new FaultStory(
                "decode deals by generated index, the reader goes by position",
                "NVIDIA/TensorRT-LLM#17795, NVIDIA/TensorRT-LLM#17866",
                "A new token is given to the rank whose turn it is counted from the first"
                    + " generated token, while lengths are computed from positions. From the first"
                    + " generated token on, one rank writes and another one believes to have it.",
                "Prompts that are a multiple of N·I, as in benchmarks, hide it."),
            "Caught by prompts that end within a round.",
            List.of(Law.PLACEMENT_OWNERS, Law.PLACEMENT_LENGTHS),
            new DealtByGeneratedIndex()));
  }

  private static Exhibit exhibit(
      FaultStory story, String caught, List<Law> killers, PlacementUnderTest variant) {
    return new Exhibit(new ShownFault(FaultSeam.CACHE, story), caught, killers, variant);
  }

  /** Row r is taken to be of request ⌊r/k⌋, k the tokens of each request on average. */
  private static final class AsManyOfEach extends PlainPlacement {
    @Override
    public int[] slots(PlacementRule rule, PlacementStep step, int rank) {
      int requests = step.requests().size();
      int each = Math.max(1, (step.rows() + requests - 1) / requests);
      int[] slots = new int[step.rows()];
      for (int row = 0; row < slots.length; row++) {
        PlacedRequest request = step.requests().get(row / each);
        int position = Math.min(request.tokens() - 1, step.cached(row / each) + row % each);
        TokenPlacement placed = placed(rule, request, rank);
        boolean own = position >= 0 && placed.owner(position) == rank;
        slots[row] = own ? placed.slot(position) : ELSEWHERE;
      }
      return slots;
    }
  }

  /** Owners by the index among the generated tokens, lengths and slots by position. */
  private static final class DealtByGeneratedIndex extends PlainPlacement {
    @Override
    int owner(PlacementRule rule, PlacedRequest request, int position) {
      if (rule instanceof PlacementRule.RoundRobin turns && position >= request.prompt()) {
        return (position - request.prompt()) / turns.runLength() % turns.shards();
      }
      return super.owner(rule, request, position);
    }
  }
}

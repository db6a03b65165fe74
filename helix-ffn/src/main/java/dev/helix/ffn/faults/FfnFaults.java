package dev.helix.ffn.faults;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.program.Purpose;
import java.util.Arrays;
import java.util.List;

/** The faults of the feed-forward network. */
public final class FfnFaults {
  public static final FfnFault SHARED_EXPERT_TWICE =
      new SharedExpertTwice(
          new FaultStory(
              "shared expert's output all-reduced twice",
              "vllm-project/vllm#49122",
              "The shared expert sums its parts over the ranks, and the layer sums what it "
                  + "returns once more: it weighs N times.",
              "On one rank both sums are the identity."));

  public static final FfnFault TIES_BROKEN_DIFFERENTLY =
      new TiesBrokenDifferently(
          new FaultStory(
              "ranks break top-k ties differently",
              "ROCm/ATOM#1832",
              "Each rank selects experts for itself, with a sort that is not stable across "
                  + "shapes. Among equal scores, ranks send a token to different experts, and the "
                  + "sum of their parts is the output of neither.",
              "Random logits never tie; quantised ones do."));

  private FfnFaults() {}

  /** All of them. */
  public static List<FfnFault> all() {
    return List.of(SHARED_EXPERT_TWICE, TIES_BROKEN_DIFFERENTLY);
  }

  /** Adds up once more, over the ranks, what an all-reduce returns. */
  private record SharedExpertTwice(FaultStory story) implements FfnFault {
    @Override
    public FaultSeam seam() {
      return FaultSeam.FFN;
    }

    @Override
    public <T extends Tensor> Collectives<T> sharedExpertCollectives(Collectives<T> healthy) {
      return new ReducedTwice<>(healthy);
    }
  }

  private static final class ReducedTwice<T extends Tensor> extends ForwardingCollectives<T> {
    ReducedTwice(Collectives<T> healthy) {
      super(healthy);
    }

    @Override
    public T allReduce(Purpose purpose, Group group, T partial) {
      return super.allReduce(purpose, group, super.allReduce(purpose, group, partial));
    }

    @Override
    public T partialAllReduce(Purpose purpose, Group group, T partial) {
      return allReduce(purpose, group, partial);
    }
  }

  /** Chooses the last of equally good experts on every other rank. */
  private record TiesBrokenDifferently(FaultStory story) implements FfnFault {
    @Override
    public FaultSeam seam() {
      return FaultSeam.ROUTING;
    }

    @Override
    public ExpertRouter router(int rank, RouterRule rule, double[] bias) {
      double[] rising = new double[bias.length];
      Arrays.setAll(rising, expert -> bias[expert] + expert * 1e-10);
      return new ExpertRouter(rule, rank % 2 == 0 ? bias : rising);
    }
  }
}

package dev.helix.ffn.faults;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.faults.RankNumbers;
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

  public static final FfnFault ROUTED_SCALE_TWICE =
      new RoutedScaleTwice(
          new FaultStory(
              "routed scale applied twice",
              "sgl-project/sglang#28237",
              "The kernel that selects experts multiplies their weights by the scale, and the layer"
                  + " multiplies the sum of their outputs by it once more.",
              "Models whose scale is 1 do not show it."));

  public static final FfnFault SHARED_EXPERT_DIVIDED =
      new SharedExpertDivided(
          new FaultStory(
              "shared expert divided by the routed scale",
              "vllm-project/vllm#45037",
              "To spare half precision an overflow, the routed experts are left without their"
                  + " scale s, and the shared expert is multiplied by 1/s in its place. Where the"
                  + " scale comes with the weights all the same, the 1/s stays.",
              "It concerns one format and one backend, and models whose scale is not 1."));

  private FfnFaults() {}

  /** All faults of the feed-forward network. */
  public static List<FfnFault> all() {
    return List.of(
        SHARED_EXPERT_TWICE, TIES_BROKEN_DIFFERENTLY, ROUTED_SCALE_TWICE, SHARED_EXPERT_DIVIDED);
  }

  /** Adds up once more, over the ranks, what an all-reduce returns. */
  private record SharedExpertTwice(FaultStory story) implements FfnFault {
    @Override
    public FaultSeam seam() {
      return FaultSeam.FFN;
    }

    @Override
    public <T extends Tensor> Collectives<T> sharedExpertCollectives(
        RankNumbers<T> numbers, RouterRule rule, Collectives<T> healthy) {
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

  /** Multiplies the weights by the scale twice. */
  private record RoutedScaleTwice(FaultStory story) implements FfnFault {
    @Override
    public FaultSeam seam() {
      return FaultSeam.FFN;
    }

    @Override
    public ExpertRouter router(int rank, RouterRule rule, double[] bias) {
      RouterRule twice =
          new RouterRule(
              rule.scoring(),
              rule.experts(),
              rule.topK(),
              rule.groups(),
              rule.keptGroups(),
              rule.groupScore(),
              rule.normalised(),
              rule.scale() * rule.scale());
      return new ExpertRouter(twice, bias);
    }
  }

  /** Divides by the scale what the shared expert's all-reduce returns. */
  private record SharedExpertDivided(FaultStory story) implements FfnFault {
    @Override
    public FaultSeam seam() {
      return FaultSeam.FFN;
    }

    @Override
    public <T extends Tensor> Collectives<T> sharedExpertCollectives(
        RankNumbers<T> numbers, RouterRule rule, Collectives<T> healthy) {
      return new ForwardingCollectives<>(healthy) {
        @Override
        public T allReduce(Purpose purpose, Group group, T partial) {
          return divided(super.allReduce(purpose, group, partial));
        }

        @Override
        public T partialAllReduce(Purpose purpose, Group group, T partial) {
          return divided(super.partialAllReduce(purpose, group, partial));
        }

        private T divided(T sum) {
          double[] less = Arrays.stream(numbers.of(sum)).map(x -> x / rule.scale()).toArray();
          return numbers.tensor(sum.spec(), less);
        }
      };
    }
  }
}

package dev.helix.ffn.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parts of experts are summed as terms of a sum that goes on, and the fault reaches them. */
final class FfnFaultsTest {
  private static final Group ALL = new Group("all", List.of(0, 1));

  /** One of four experts, of weight 1, and a scale. */
  private static final RouterRule RULE =
      new RouterRule(RouterRule.Scoring.SIGMOID, 4, 1, 1, 1, RouterRule.GroupScore.BEST, true, 2.5);

  private final Kernels<Fp64Tensor> kernels =
      new Fp64Kernels(new Fp64Rank(RankScope.alone(0)), new Fp64Constants());
  private final List<String> calls = new ArrayList<>();

  @Test
  void theSharedExpertIsReducedTwiceWhereverItsSumGoes() {
    Fp64Tensor part = part(1);
    Collectives<Fp64Tensor> faulty =
        FfnFaults.SHARED_EXPERT_TWICE.sharedExpertCollectives(
            new RankNumbers<>(kernels), RULE, noting());

    faulty.allReduce(Phase.ALL_REDUCE, ALL, part);
    assertEquals(List.of("allReduce", "allReduce"), calls);

    calls.clear();
    faulty.partialAllReduce(Phase.COMBINE, ALL, part);
    assertEquals(2, calls.size(), calls::toString);
  }

  /** On one rank, where the sum is what the rank has. */
  @Test
  void theSharedExpertsSumCarriesTheInverseOfTheScale() {
    Collectives<Fp64Tensor> faulty =
        FfnFaults.SHARED_EXPERT_DIVIDED.sharedExpertCollectives(
            new RankNumbers<>(kernels), RULE, noting());
    Fp64Tensor sum = faulty.allReduce(Phase.ALL_REDUCE, ALL, part(5));
    assertArrayEquals(new double[] {2}, kernels.toHost(sum));
    Fp64Tensor term = faulty.partialAllReduce(Phase.COMBINE, ALL, part(7.5));
    assertArrayEquals(new double[] {3}, kernels.toHost(term));
  }

  @Test
  void theRoutedScaleIsInTheWeightsTwice() {
    ExpertRouter faulty = FfnFaults.ROUTED_SCALE_TWICE.router(0, RULE, new double[4]);
    List<Double> weights = faulty.route(new double[] {1, 0, 0, 0}, 1).tokens().get(0).weights();
    assertEquals(List.of(2.5 * 2.5), weights);
  }

  private Fp64Tensor part(double value) {
    return kernels.constant(
        Spec.of(DType.F64, Axis.HIDDEN, 1),
        new WeightSlice("part of " + value, () -> new double[] {value}));
  }

  /** Collectives that note what is called, and return their last operand. */
  @SuppressWarnings("unchecked") // A proxy has no type argument.
  private Collectives<Fp64Tensor> noting() {
    return (Collectives<Fp64Tensor>)
        Proxy.newProxyInstance(
            Collectives.class.getClassLoader(),
            new Class<?>[] {Collectives.class},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              return arguments[arguments.length - 1];
            });
  }
}

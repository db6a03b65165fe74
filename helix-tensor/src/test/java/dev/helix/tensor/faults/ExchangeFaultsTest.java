package dev.helix.tensor.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fault of the all-reduce reaches sums that go on too: those of the experts. */
final class ExchangeFaultsTest {
  private static final Group ALL = new Group("all", List.of(0, 1, 2));
  private static final int RANK = 1;

  /** In the order of the group, (1 + 1e30) − 1e30 is 0; from rank 1 on, (1e30 − 1e30) + 1 is 1. */
  @Test
  void everyAllReduceBeginsWithTheRanksOwnTerm() {
    Fp64Kernels kernels = new Fp64Kernels(new Fp64Rank(RankScope.alone(RANK)), new Fp64Constants());
    RankNumbers<Fp64Tensor> numbers = new RankNumbers<>(kernels);
    Spec one = Spec.of(DType.F64, Axis.HIDDEN, 1);
    Fp64Tensor own = numbers.tensor(one, new double[] {1e30});
    Fp64Tensor terms =
        numbers.tensor(Spec.of(DType.F64, Axis.HIDDEN, 3), new double[] {1, 1e30, -1e30});

    Collectives<Fp64Tensor> faulty =
        ExchangeFaults.OWN_ORDER.collectives(numbers, gathering(terms));

    double[] expected = {1};
    assertArrayEquals(expected, numbers.of(faulty.allReduce(Phase.ALL_REDUCE, ALL, own)));
    assertArrayEquals(expected, numbers.of(faulty.partialAllReduce(Phase.COMBINE, ALL, own)));
  }

  /** Collectives that gather these terms, and refuse everything else. */
  @SuppressWarnings("unchecked") // A proxy has no type argument.
  private static Collectives<Fp64Tensor> gathering(Fp64Tensor terms) {
    return (Collectives<Fp64Tensor>)
        Proxy.newProxyInstance(
            Collectives.class.getClassLoader(),
            new Class<?>[] {Collectives.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("allGather")) {
                return terms;
              }
              throw new AssertionError(method.getName() + " sums in the order of the group");
            });
  }
}

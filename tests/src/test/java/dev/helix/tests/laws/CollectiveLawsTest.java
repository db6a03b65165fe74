package dev.helix.tests.laws;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The law of sliced projections, which no exhibit breaks, can be broken. */
class CollectiveLawsTest {
  @Test
  void anAllReduceThatAddsOneRankTwiceDoesNotGiveTheFullProjection() {
    DecodeUnderTest faulty =
        new DecodeUnderTest() {
          @Override
          public Collectives<Fp64Tensor> collectives(Place place, Collectives<Fp64Tensor> correct) {
            return new OneTwice(place.rank(), correct);
          }
        };
    LawOutcome outcome = LawSuite.run(Law.DECODE_PROJECTIONS, faulty, 1, 30);
    assertFalse(outcome.holds());
    assertFalse(outcome.refused());
    assertTrue(outcome.violation().orElseThrow().contains("expected"), outcome::toString);
  }

  /** Rank 0's part has twice its weight in every all-reduce. */
  private record OneTwice(int rank, Collectives<Fp64Tensor> correct)
      implements Collectives<Fp64Tensor> {
    @Override
    public Fp64Tensor allReduce(Group group, Fp64Tensor partial) {
      for (long i = 0; rank == 0 && i < partial.region().length(); i++) {
        partial.region().set(i, 2 * partial.region().get(i));
      }
      return correct.allReduce(group, partial);
    }

    @Override
    public List<Fp64Tensor> allToAll(Group group, Axis split, List<Fp64Tensor> tensors) {
      return correct.allToAll(group, split, tensors);
    }

    @Override
    public Fp64Tensor allGather(Group group, Axis axis, Fp64Tensor tensor) {
      return correct.allGather(group, axis, tensor);
    }

    @Override
    public Fp64Tensor reduceScatter(Group group, Axis axis, Fp64Tensor partial) {
      return correct.reduceScatter(group, axis, partial);
    }

    @Override
    public Fp64Tensor broadcast(Group group, int root, Fp64Tensor tensor) {
      return correct.broadcast(group, root, tensor);
    }
  }
}

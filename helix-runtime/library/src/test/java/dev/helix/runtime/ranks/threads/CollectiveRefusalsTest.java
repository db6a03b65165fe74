package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the collectives refuse, before anything is sent, and in which words. */
final class CollectiveRefusalsTest {
  private static final Group GROUP = new Group("kvp[0]", List.of(0, 1));
  private static final PlainTensor ROWS = tensor(Axis.BATCH, 3, Axis.HIDDEN, 4);

  private static PlainTensor tensor(Axis outer, int outerSize, Axis inner, int innerSize) {
    Spec spec = Spec.of(DType.F64, outer, outerSize, inner, innerSize);
    return new PlainTensor(spec, 0, new double[outerSize * innerSize]);
  }

  /** Rank 0 of two makes the call. */
  private static void assertRefused(
      String message, Function<Collectives<PlainTensor>, Object> call) {
    StoppedRun run =
        StoppedRun.of(
            2,
            communicator -> {
              Collectives<PlainTensor> collectives =
                  new WireCollectives<>(communicator, new PlainWire(communicator.rank()));
              return communicator.rank() == 0 ? call.apply(collectives) : "";
            });
    assertInstanceOf(IllegalArgumentException.class, run.failure().getCause());
    assertEquals(message, run.failure().getCause().getMessage());
  }

  @Test
  void aTensorOfAnotherRank() {
    PlainTensor foreign = new PlainTensor(ROWS.spec(), 1, ROWS.values());
    assertRefused(
        "allReduce on rank 0, group kvp[0][0, 1]: f64[batch=3, hidden=4] belongs to rank 1",
        collectives -> collectives.allReduce(Phase.ALL_REDUCE, GROUP, foreign));
    assertRefused(
        "allToAll on rank 0, group kvp[0][0, 1]: f64[batch=3, hidden=4] belongs to rank 1",
        collectives ->
            collectives.allToAll(Phase.ALL_TO_ALL, GROUP, Axis.HIDDEN, List.of(ROWS, foreign)));
  }

  @Test
  void aGroupWithoutThisRank() {
    assertRefused(
        "allGather on rank 0, group kvp[1][1]: the rank is no member",
        collectives ->
            collectives.allGather(
                Phase.COMBINE, new Group("kvp[1]", List.of(1)), Axis.HIDDEN, ROWS));
  }

  @Test
  void anAxisThatDoesNotDivide() {
    assertRefused(
        "allToAll on rank 0, group kvp[0][0, 1]: batch=3 of f64[batch=3, hidden=4] is not divisible"
            + " by the group's size 2",
        collectives -> collectives.allToAll(Phase.ALL_TO_ALL, GROUP, Axis.BATCH, List.of(ROWS)));
    assertRefused(
        "reduceScatter on rank 0, group kvp[0][0, 1]: batch=3 of f64[batch=3, hidden=4] is not"
            + " divisible by the group's size 2",
        collectives -> collectives.reduceScatter(Phase.ALL_REDUCE, GROUP, Axis.BATCH, ROWS));
  }

  @Test
  void anAxisThatIsNotThere() {
    assertRefused(
        "allGather on rank 0, group kvp[0][0, 1]: f64[batch=3, hidden=4] has no axis heads",
        collectives -> collectives.allGather(Phase.COMBINE, GROUP, Axis.HEADS, ROWS));
    PlainTensor scalar = new PlainTensor(Spec.of(DType.F64), 0, 1.0);
    assertRefused(
        "allReduce on rank 0, group kvp[0][0, 1]: f64[] has no axis",
        collectives -> collectives.allReduce(Phase.ALL_REDUCE, GROUP, scalar));
  }

  @Test
  void shardsOfShards() {
    PlainTensor stacked = tensor(Axis.SHARDS, 2, Axis.HEADS, 4);
    assertRefused(
        "allToAll on rank 0, group kvp[0][0, 1]: f64[shards=2, heads=4] has the axis shards"
            + " already",
        collectives -> collectives.allToAll(Phase.ALL_TO_ALL, GROUP, Axis.HEADS, List.of(stacked)));
  }

  @Test
  void noTensorAtAll() {
    assertRefused(
        "allToAll on rank 0, group kvp[0][0, 1]: no tensors",
        collectives -> collectives.allToAll(Phase.ALL_TO_ALL, GROUP, Axis.HEADS, List.of()));
  }

  @Test
  void aRootOutsideOfTheGroup() {
    assertRefused(
        "broadcast on rank 0, group kvp[0][0, 1]: the root, rank 2, is no member",
        collectives -> collectives.broadcast(Phase.COMBINE, GROUP, 2, ROWS));
  }
}

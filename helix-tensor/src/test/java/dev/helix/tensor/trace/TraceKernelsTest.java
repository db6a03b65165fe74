package dev.helix.tensor.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TransferKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceKernelsTest {
  private final RankScope scope = RankScope.alone(1);
  private final TraceRank rank = new TraceRank(scope);
  private final TraceKernels kernels = new TraceKernels(rank);
  private final TraceCollectives collectives = new TraceCollectives(rank);
  private final Group pair = new Group("pair", List.of(0, 1));

  @Test
  void ofATableTheRowsPickedAreRead() {
    scope.enter(Place.Outside.EMBEDDING);
    TraceTensor table = weight(Spec.of(DType.BF16, Axis.VOCABULARY, 1 << 20, Axis.HIDDEN, 1 << 14));
    TraceTensor x = kernels.embed(table, new int[] {5, 7, 5});
    assertEquals(Spec.of(DType.BF16, Axis.BATCH, 3, Axis.HIDDEN, 1 << 14), x.spec());
    assertEquals(2 * 3 * (1 << 14) * 2, launch(0).hbmBytes());
    assertEquals(Place.Outside.EMBEDDING, launch(0).place());
    assertEquals(Phase.EMBEDDING, launch(0).phase());
    assertEquals(List.of(), launch(0).after());
  }

  @Test
  void aProjectionReadsItsWeightInItsPrecisionAndWaitsForItsInput() {
    TraceTensor x = embedded(3, 64);
    TraceTensor y =
        kernels.linear(Phase.FFN, x, weight(Spec.of(DType.FP4, Axis.GATE_UP, 10, Axis.HIDDEN, 64)));
    assertEquals(Spec.of(DType.BF16, Axis.BATCH, 3, Axis.GATE_UP, 10), y.spec());
    Launch linear = launch(1);
    assertEquals(3 * 64 * 2 + 10 * 64 / 2 + 3 * 10 * 2, linear.hbmBytes());
    assertEquals(2L * 3 * 10 * 64, linear.flops());
    assertEquals(DType.FP4, linear.arithmetic());
    assertEquals(List.of(0), linear.after());
  }

  @Test
  void rowsAndStacksAreNoLaunchesAndKeepWhatTheyWaitFor() {
    TraceTensor x = embedded(4, 8);
    TraceTensor norm = weight(Spec.of(DType.BF16, Axis.HIDDEN, 8));
    TraceTensor first = kernels.rmsNorm(Phase.NORM, kernels.rows(x, 0, 1), norm, 1e-5);
    TraceTensor rest = kernels.rmsNorm(Phase.NORM, kernels.rows(x, 1, 4), norm, 1e-5);
    kernels.add(Phase.NORM, x, kernels.stackRows(List.of(first, rest)));
    assertEquals(4, rank.trace().operations().size());
    assertEquals(List.of(0), launch(2).after());
    assertEquals(List.of(0, 1, 2), launch(3).after());
  }

  @Test
  void anExchangeStacksItsPartsAndCountsWhatItIsGiven() {
    scope.enter(Place.layer(0));
    TraceTensor x = rank.constant(Spec.of(DType.BF16, Axis.BATCH, 3, Axis.HEADS, 8));
    TraceTensor stacked =
        collectives.allToAll(Phase.ALL_TO_ALL, pair, Axis.HEADS, List.of(x)).get(0);
    assertEquals(x.spec().resized(Axis.HEADS, 4).stacked(Axis.SHARDS, 2), stacked.spec());
    Transfer transfer = (Transfer) rank.trace().operations().get(0);
    assertEquals(TransferKind.ALL_TO_ALL, transfer.kind());
    assertEquals(pair, transfer.group());
    assertEquals(3 * 8 * 2, transfer.operandBytes());
    assertEquals(List.of(0), stacked.writers());
  }

  @Test
  void whatCannotBeIsRefused() {
    TraceTensor x = embedded(3, 8);
    TraceTensor foreign = new TraceRank(RankScope.alone(0)).constant(x.spec());
    assertThrows(IllegalArgumentException.class, () -> kernels.add(Phase.NORM, x, foreign));
    assertThrows(
        IllegalArgumentException.class,
        () -> collectives.allReduce(Phase.ALL_REDUCE, pair, foreign));
    assertThrows(
        IllegalArgumentException.class,
        () -> collectives.allReduce(Phase.ALL_REDUCE, new Group("others", List.of(0, 2)), x));
    assertThrows(
        IllegalArgumentException.class,
        () -> collectives.allToAll(Phase.ALL_TO_ALL, pair, Axis.BATCH, List.of(x)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            kernels.linear(
                Phase.FFN, x, weight(Spec.of(DType.FP4, Axis.GATE_UP, 10, Axis.HIDDEN, 7))));
    assertThrows(IllegalStateException.class, () -> kernels.toHost(x));
  }

  private TraceTensor embedded(int rows, int hidden) {
    TraceTensor table = weight(Spec.of(DType.BF16, Axis.VOCABULARY, 9, Axis.HIDDEN, hidden));
    return kernels.embed(table, new int[rows]);
  }

  /** A weight whose numbers must not be asked for. */
  private TraceTensor weight(Spec spec) {
    return kernels.constant(
        spec,
        new WeightSlice(
            "w",
            () -> {
              throw new AssertionError("the numbers were asked for");
            }));
  }

  private Launch launch(int index) {
    return (Launch) rank.trace().operations().get(index);
  }
}

package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Results are held from the operation that makes them to the last that reads them. */
class LiveResultsTest {
  private final List<Operation> operations = new ArrayList<>();
  private final List<List<Spec>> results = new ArrayList<>();

  @Test
  void aResultIsHeldUntilItsLastReader() {
    launch(TensorLaunch.LINEAR, Phase.QKV, 10);
    launch(TensorLaunch.ADD, Phase.NORM, 3, 0);
    launch(TensorLaunch.ADD, Phase.NORM, 4, 1);
    assertEquals(Map.of(DType.BF16, 13L), live().activations());
    launch(TensorLaunch.ADD, Phase.NORM, 1, 0, 2);
    assertEquals(Map.of(DType.BF16, 17L), live().activations());
    assertEquals(Map.of(), live().received());
  }

  @Test
  void whatArrivesIsNoActivation() {
    launch(TensorLaunch.LINEAR, Phase.QKV, 10);
    Group group = new Group("both", List.of(0, 1));
    operations.add(
        new Transfer(
            1,
            TransferKind.ALL_GATHER,
            new Stated(Place.layer(0), Phase.ALL_REDUCE),
            new Transfer.Contribution(group, List.of(spec(10))),
            List.of(0)));
    results.add(List.of(spec(20)));
    launch(TensorLaunch.ADD, Phase.NORM, 2, 1);
    assertEquals(Map.of(DType.BF16, 10L), live().activations());
    assertEquals(Map.of(DType.BF16, 20L), live().received());
  }

  /** Both pieces of a launch can be under way before the first of the next launch. */
  @Test
  void thePiecesOfAnOperationAreHeldTogether() {
    launch(TensorLaunch.LINEAR, Phase.QKV, 10);
    for (int piece = 0; piece < 2; piece++) {
      launch(TensorLaunch.SELECT_ROWS, Phase.ATTENTION.of(new Piece(piece, 2)), 6, 0);
      launch(TensorLaunch.ADD, Phase.MERGE.of(new Piece(piece, 2)), 1, operations.size() - 1);
    }
    assertEquals(Map.of(DType.BF16, 22L), live().activations());
  }

  private LiveResults live() {
    return LiveResults.of(operations, results);
  }

  private void launch(TensorLaunch kind, Purpose purpose, int elements, Integer... after) {
    Work work = new Work(List.of(), List.of(spec(elements)), 0, DType.BF16);
    operations.add(
        new Launch(
            operations.size(), kind, new Stated(Place.layer(0), purpose), work, List.of(after)));
    results.add(List.of(spec(elements)));
  }

  private static Spec spec(int elements) {
    return Spec.of(DType.BF16, Axis.HIDDEN, elements);
  }
}

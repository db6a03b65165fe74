package dev.helix.tensor.scalar;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HEADS;
import static dev.helix.tensor.Axis.HEAD_DIM;
import static dev.helix.tensor.Axis.HIDDEN;
import static dev.helix.tensor.DType.BF16;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.Wire;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What every numeric reading's wire keeps. */
interface WireContract<T extends Tensor> {
  Spec VECTOR = Spec.of(BF16, HIDDEN, 3);

  /** A new run of the reading. */
  Run<T> run();

  @Property(tries = 50, seed = "5")
  default void blocksPutTogetherAreTheWhole(
      @ForAll @IntRange(max = 2) int axis,
      @ForAll @IntRange(min = 1, max = 4) int parts,
      @ForAll @IntRange(max = 3) int share,
      @ForAll @IntRange(max = 3) int other,
      @ForAll long seed) {
    List<Dim> dims =
        new ArrayList<>(
            List.of(new Dim(BATCH, other), new Dim(HEADS, other), new Dim(HEAD_DIM, other)));
    Dim split = new Dim(dims.get(axis).axis(), parts * share);
    dims.set(axis, split);
    Spec spec = new Spec(BF16, dims);
    double[] numbers = Run.numbers(new SplittableRandom(seed), (int) spec.elements());
    Run<T> run = run();
    T whole = run.tensor(0, spec, numbers);

    List<ByteBuffer> blocks = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      blocks.add(run.wires().apply(0).encode(whole, split.axis(), i * share, (i + 1) * share));
    }
    T arrived = run.wires().apply(1).decode(spec, split.axis(), blocks);

    assertEquals(1, arrived.owner());
    assertArrayEquals(numbers, run.host(arrived));
  }

  /** Row by row, where there are none too. */
  @Property(tries = 20, seed = "6")
  default void rowsThatAreExchangedAreTheSameRows(
      @ForAll @IntRange(max = 3) int rows, @ForAll long seed) {
    Run<T> run = run();
    Spec spec = Spec.of(BF16, BATCH, rows, HIDDEN, 4);
    double[] numbers = Run.numbers(new SplittableRandom(seed), 4 * rows);
    Collectives<T> collectives =
        new WireCollectives<>(new LoneCommunicator(RankScope.alone(0)), run.wires().apply(0));
    T arrived =
        collectives.allToAllRows(
            Phase.DISPATCH,
            new Group("one", List.of(0)),
            run.tensor(spec, numbers),
            new RowCounts(List.of(rows), List.of(rows)));
    assertEquals(spec, arrived.spec());
    assertArrayEquals(numbers, run.host(arrived));
  }

  @Test
  default void sumsRunInTheOrderOfTheParts() {
    // ((1e30 + 1) − 1e30) + 1 in doubles, in every reading that adds as the fp64 reading does.
    Run<T> run = run();
    Wire<T> wire = run.wires().apply(0);
    List<ByteBuffer> parts = new ArrayList<>();
    for (double term : new double[] {1e30, 1, -1e30, 1}) {
      T tensor = run.tensor(VECTOR, term, 2 * term, -term);
      parts.add(wire.encode(tensor, HIDDEN, 0, 3));
    }
    assertArrayEquals(sumOfTerms(), run.host(wire.sum(VECTOR, parts)));
  }

  /** {1, 2, −1} times the reading's (1e30 + 1 − 1e30 + 1). */
  default double[] sumOfTerms() {
    return new double[] {1, 2, -1};
  }

  @Test
  default void theLogSumExpOfNoTokensCrosses() {
    Run<T> run = run();
    double[] lse = {1, Double.NEGATIVE_INFINITY, -2};
    ByteBuffer bytes = run.wires().apply(0).encode(run.tensor(VECTOR, lse), HIDDEN, 0, 3);
    T arrived = run.wires().apply(1).decode(VECTOR, HIDDEN, List.of(bytes));
    assertArrayEquals(lse, run.host(arrived));
  }

  @Test
  default void partsOfAnotherSizeAreRefused() {
    Run<T> run = run();
    Wire<T> wire = run.wires().apply(0);
    ByteBuffer three = wire.encode(run.tensor(VECTOR, 1, 2, 3), HIDDEN, 0, 3);
    ByteBuffer two = wire.encode(run.tensor(VECTOR, 1, 2, 3), HIDDEN, 1, 3);
    Refusal.naming(
        () -> wire.decode(VECTOR, HIDDEN, List.of(two)), "hidden=3", "bytes", "expected");
    Refusal.naming(
        () -> wire.decode(VECTOR.resized(HIDDEN, 2), HIDDEN, List.of(three)),
        "hidden=2",
        "bytes",
        "expected");
    Refusal.naming(() -> wire.decode(VECTOR, HIDDEN, List.of(three, three)), "2 parts", "hidden");
    Refusal.naming(() -> wire.sum(VECTOR, List.of(three, two)), "hidden=3", "bytes", "expected");
    three.limit(three.limit() - 1);
    Refusal.naming(
        () -> wire.decode(VECTOR, HIDDEN, List.of(three)), "hidden=3", "bytes", "expected");
  }

  @Test
  default void aTensorOfAnotherRankDoesNotCross() {
    Run<T> run = run();
    T foreign = run.tensor(3, VECTOR, 1, 2, 3);
    Refusal.naming(
        () -> run.wires().apply(0).encode(foreign, HIDDEN, 0, 3), "encode", "rank 0", "rank 3");
  }

  @Test
  default void aBlockOutsideOfTheAxisIsRefused() {
    Run<T> run = run();
    T tensor = run.tensor(VECTOR, 1, 2, 3);
    Refusal.naming(
        () -> run.wires().apply(0).encode(tensor, HIDDEN, 2, 4), "encode", "[2, 4)", "hidden=3");
  }
}

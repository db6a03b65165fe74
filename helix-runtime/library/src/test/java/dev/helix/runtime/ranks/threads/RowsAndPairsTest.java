package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The exchanges in which ranks differ in what they send: uneven all-to-alls, and pairs of ranks.
 */
final class RowsAndPairsTest {
  private static final Group PAIR = new Group("pair", List.of(0, 1));

  /** What one rank does. */
  private interface Step {
    List<PlainTensor> run(Collectives<PlainTensor> collectives, int rank);
  }

  private static List<List<PlainTensor>> onAll(int ranks, Step step) {
    return ThreadRanks.inOneJvm(
        ranks,
        communicator ->
            step.run(
                new WireCollectives<>(communicator, new PlainWire(communicator.rank())),
                communicator.rank()));
  }

  /** Rows that say which they are: from whom, to whom, the how manieth. */
  private static PlainTensor rows(int rank, List<double[]> rows) {
    Spec spec = Spec.of(DType.BF16, Axis.BATCH, rows.size(), Axis.HIDDEN, 3);
    return new PlainTensor(
        spec,
        rank,
        rows.stream()
            .flatMapToDouble(row -> IntStream.of(0, 1, 2).mapToDouble(i -> row[i]))
            .toArray());
  }

  private static List<double[]> between(int from, int to, int count) {
    List<double[]> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      rows.add(new double[] {from, to, row});
    }
    return rows;
  }

  @Property(seed = "69069", tries = 100)
  void everyRowArrivesOnceInTheOrderOfItsSender(
      @ForAll @IntRange(min = 1, max = 5) int ranks,
      @ForAll @IntRange(max = 3) int most,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[][] counts = new int[ranks][ranks];
    for (int[] sent : counts) {
      for (int to = 0; to < ranks; to++) {
        sent[to] = random.nextInt(most + 1);
      }
    }
    List<Integer> members = new ArrayList<>(IntStream.range(0, ranks).boxed().toList());
    Collections.shuffle(members, random);
    Group group = new Group("experts", members);
    List<List<PlainTensor>> results =
        onAll(
            ranks,
            (collectives, rank) -> {
              List<double[]> own = new ArrayList<>();
              members.forEach(to -> own.addAll(between(rank, to, counts[rank][to])));
              RowCounts exchanged =
                  new RowCounts(
                      members.stream().map(to -> counts[rank][to]).toList(),
                      members.stream().map(from -> counts[from][rank]).toList());
              return List.of(
                  collectives.allToAllRows(Phase.DISPATCH, group, rows(rank, own), exchanged));
            });
    for (int rank = 0; rank < ranks; rank++) {
      int to = rank;
      List<double[]> expected = new ArrayList<>();
      members.forEach(from -> expected.addAll(between(from, to, counts[from][to])));
      assertEquals(List.of(rows(rank, expected)), results.get(rank));
    }
  }

  @Test
  void aCountThatTheSenderDoesNotKeepIsNamed() {
    assertRefused(
        "allToAllRows on rank 0, group pair[0, 1]: rank 1 sends 2 rows, expected 1",
        (collectives, rank) -> {
          RowCounts counts =
              rank == 0
                  ? new RowCounts(List.of(1, 1), List.of(1, 1))
                  : new RowCounts(List.of(2, 0), List.of(1, 0));
          PlainTensor rows = rows(rank, between(rank, 9, 2));
          return List.of(collectives.allToAllRows(Phase.DISPATCH, PAIR, rows, counts));
        });
  }

  @Test
  void countsThatDoNotFitTheRowsOrTheGroupAreRefused() {
    assertRefused(
        "allToAllRows on rank 0, group pair[0, 1]: expected 3 rows, as [1, 2] are to be sent, got"
            + " bf16[batch=2, hidden=3]",
        (collectives, rank) ->
            List.of(
                collectives.allToAllRows(
                    Phase.DISPATCH,
                    PAIR,
                    rows(rank, between(rank, 9, 2)),
                    new RowCounts(List.of(1, 2), List.of(0, 0)))));
    assertRefused(
        "allToAllRows on rank 0, group pair[0, 1]: counts for 1 members, expected 2",
        (collectives, rank) ->
            List.of(
                collectives.allToAllRows(
                    Phase.DISPATCH,
                    PAIR,
                    rows(rank, between(rank, 9, 2)),
                    new RowCounts(List.of(2), List.of(2)))));
  }

  /** Three stages: each adds its rank to what the one before has made. */
  @Test
  void aTensorIsPassedFromStageToStage() {
    Spec spec = Spec.of(DType.BF16, Axis.BATCH, 2, Axis.HIDDEN, 1);
    List<List<PlainTensor>> results =
        onAll(
            3,
            (collectives, rank) -> {
              PlainTensor x = new PlainTensor(spec, rank, 10, 20);
              if (rank > 0) {
                Group before = link(rank);
                PlainTensor there = collectives.receive(Phase.FFN, before, spec);
                x = new PlainTensor(spec, rank, there.value(0) + rank, there.value(1) + rank);
              }
              if (rank < 2) {
                collectives.send(Phase.FFN, link(rank + 1), x);
              }
              return List.of(x);
            });
    assertEquals(List.of(new PlainTensor(spec, 2, 13, 23)), results.get(2));
  }

  private static Group link(int to) {
    return new Group("link[" + to + "]", List.of(to - 1, to));
  }

  @Test
  void bothRanksKnowWhatIsPassedAndWhoSends() {
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 1, Axis.HIDDEN, 2);
    StoppedRun other =
        run(
            (collectives, rank) -> {
              if (rank == 1) {
                return List.of(collectives.receive(Phase.FFN, PAIR, spec.resized(Axis.HIDDEN, 3)));
              }
              collectives.send(Phase.FFN, PAIR, new PlainTensor(spec, rank, 1, 2));
              return List.of();
            });
    assertEquals(
        "different calls on pair[0, 1]: rank 0 calls pointToPoint f64[batch=1, hidden=2], rank 1"
            + " calls pointToPoint f64[batch=1, hidden=3]",
        other.failure().getCause().getMessage());
    assertRefused(
        "receive on rank 0, group pair[0, 1]: expected the rank that sends, then the one that"
            + " receives; this one receives",
        (collectives, rank) ->
            rank == 0 ? List.of(collectives.receive(Phase.FFN, PAIR, spec)) : List.of());
  }

  private static StoppedRun run(Step step) {
    return StoppedRun.of(
        2,
        communicator ->
            step.run(
                new WireCollectives<>(communicator, new PlainWire(communicator.rank())),
                communicator.rank()));
  }

  /** Rank 0 of two fails with a message; rank 1 may fail too. */
  private static void assertRefused(String message, Step step) {
    Throwable cause =
        run((collectives, rank) ->
                rank == 0 || message.contains("rank 1 sends")
                    ? step.run(collectives, rank)
                    : List.of())
            .failure()
            .getCause();
    assertInstanceOf(IllegalArgumentException.class, cause);
    assertEquals(message, cause.getMessage());
  }
}

package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.ranks.OutcomeCodec;
import dev.helix.tensor.mesh.RankFailure;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ranks bring home crosses as bytes, though they are threads. */
class OutcomeLawsTest {
  private static final OutcomeCodec<int[]> INTS =
      new OutcomeCodec<>() {
        @Override
        public void write(int[] outcome, DataOutput out) throws IOException {
          out.writeInt(outcome.length);
          for (int value : outcome) {
            out.writeInt(value);
          }
        }

        @Override
        public int[] read(DataInput in) throws IOException {
          int[] outcome = new int[in.readInt()];
          for (int i = 0; i < outcome.length; i++) {
            outcome[i] = in.readInt();
          }
          return outcome;
        }
      };

  /** From nothing to more than two chunks. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 14, 15, 16, 17, 262_142, 262_143, 262_144, 600_000})
  void anOutcomeOfAnySizeComesHome(int size) {
    List<int[]> home =
        new ThreadRanks().run(3, communicator -> outcome(size, communicator.rank()), INTS);
    for (int rank = 0; rank < 3; rank++) {
      assertArrayEquals(outcome(size, rank), home.get(rank));
    }
  }

  private static int[] outcome(int size, int rank) {
    int[] values = new int[size];
    for (int i = 0; i < size; i++) {
      values[i] = i * 31 + rank;
    }
    return values;
  }

  @Test
  void noObjectOfARankReachesTheCaller() {
    Queue<int[]> made = new ConcurrentLinkedQueue<>();
    List<int[]> home =
        new ThreadRanks()
            .run(
                2,
                communicator -> {
                  int[] own = {communicator.rank()};
                  made.add(own);
                  return own;
                },
                INTS);
    made.forEach(own -> home.forEach(copy -> assertNotSame(own, copy)));
  }

  @Test
  void anOutcomeThatCannotCrossFailsItsRank() {
    RankFailure failure =
        assertThrows(
            RankFailure.class,
            () ->
                new ThreadRanks()
                    .run(
                        2,
                        communicator -> {
                          communicator.scope().launch("linear");
                          return communicator.rank() == 1 ? null : new int[1];
                        },
                        INTS));
    assertEquals(1, failure.rank());
    assertEquals(NullPointerException.class, failure.getCause().getClass());
  }

  @Test
  void bytesThatAreNotReadAreAnError() {
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ThreadRanks().run(1, communicator -> List.of(1, 2), new Uneven(2, 1)));
    assertEquals(
        "an outcome of class java.util.ArrayList: more bytes were written than read",
        refusal.getMessage());
  }

  @Test
  void bytesThatWereNotWrittenAreAnError() {
    Exception refusal =
        assertThrows(
            UncheckedIOException.class,
            () -> new ThreadRanks().run(1, communicator -> List.of(1, 2), new Uneven(1, 2)));
    assertEquals(EOFException.class, refusal.getCause().getClass());
  }

  /** Writes so many numbers and reads so many. */
  private record Uneven(int written, int read) implements OutcomeCodec<List<Integer>> {
    @Override
    public void write(List<Integer> outcome, DataOutput out) throws IOException {
      for (int value : outcome.subList(0, written)) {
        out.writeInt(value);
      }
    }

    @Override
    public List<Integer> read(DataInput in) throws IOException {
      List<Integer> outcome = new ArrayList<>();
      for (int i = 0; i < read; i++) {
        outcome.add(in.readInt());
      }
      return outcome;
    }
  }
}

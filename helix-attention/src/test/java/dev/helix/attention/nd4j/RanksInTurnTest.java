package dev.helix.attention.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RanksInTurnTest {
  private static final Layout SIX = new Layout(3, 2, 6, 1);

  @Test
  void eachMemberReceivesWhatEachMemberGaveIt() {
    List<List<Integer>> received =
        RanksInTurn.run(
            6,
            communicator -> {
              Group group = SIX.kvpGroup(communicator.rank());
              List<ByteBuffer> outgoing =
                  group.ranks().stream().map(to -> number(communicator.rank() * 10 + to)).toList();
              return communicator.exchange(group, "x", outgoing).stream()
                  .map(ByteBuffer::getInt)
                  .toList();
            });
    for (int rank = 0; rank < 6; rank++) {
      int to = rank;
      assertEquals(
          SIX.kvpGroup(rank).ranks().stream().map(from -> from * 10 + to).toList(),
          received.get(rank));
    }
  }

  @Test
  void whatIsReceivedCannotBeWritten() {
    List<Boolean> readOnly =
        RanksInTurn.run(2, c -> exchange(c, "x").stream().allMatch(ByteBuffer::isReadOnly));
    assertEquals(List.of(true, true), readOnly);
  }

  @Test
  void aFailureNamesItsRankAndEndsTheRun() {
    RankFailure failure =
        fails(
            c -> {
              if (c.rank() == 1) {
                c.scope().launch("flashDecode");
                throw new IllegalStateException("no");
              }
              return exchange(c, "x");
            });
    assertEquals(1, failure.rank());
    assertEquals("rank 1, start, flashDecode: no", failure.getMessage());
  }

  @Test
  void differentCallsAreRefused() {
    RankFailure failure = fails(c -> exchange(c, "call " + c.rank()));
    assertTrue(failure.getMessage().contains("call 0 on all[0, 1]"), failure.getMessage());
    assertTrue(failure.getMessage().contains("call 1 on all[0, 1]"), failure.getMessage());
  }

  @Test
  void aMemberThatNeverExchangesIsNamed() {
    RankFailure failure = fails(c -> c.rank() == 1 ? List.of() : exchange(c, "x"));
    assertTrue(failure.getMessage().endsWith("and rank 1 has ended"), failure.getMessage());
  }

  @Test
  void aSecondExchangeIsRefused() {
    RankFailure failure =
        fails(
            c -> {
              exchange(c, "first");
              return exchange(c, "second");
            });
    assertTrue(failure.getMessage().contains("second is a second exchange"), failure.getMessage());
  }

  private static RankFailure fails(Function<Communicator, List<ByteBuffer>> program) {
    return assertThrows(RankFailure.class, () -> RanksInTurn.run(2, program));
  }

  private static List<ByteBuffer> exchange(Communicator communicator, String call) {
    List<Integer> ranks = IntStream.range(0, communicator.size()).boxed().toList();
    return communicator.exchange(
        new Group("all", ranks), call, ranks.stream().map(RanksInTurnTest::number).toList());
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).flip();
  }
}

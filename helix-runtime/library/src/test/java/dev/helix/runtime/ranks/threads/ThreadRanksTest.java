package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The transport when nothing fails. */
@Timeout(
    value = StoppedRun.MINUTES_OF_A_HANG,
    unit = TimeUnit.MINUTES,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ThreadRanksTest {
  private static Group all(int ranks) {
    return new Group("all", IntStream.range(0, ranks).boxed().toList());
  }

  @Test
  void resultsComeInRankOrderAndNoThreadIsLeft() {
    List<Thread> threads =
        ThreadRanks.inOneJvm(
            8,
            communicator -> {
              assertEquals(8, communicator.size());
              assertEquals(communicator.rank(), communicator.scope().rank());
              return Thread.currentThread();
            });
    assertEquals(
        IntStream.range(0, 8).mapToObj(rank -> "helix rank " + rank).toList(),
        threads.stream().map(Thread::getName).toList());
    assertTrue(threads.stream().noneMatch(Thread::isAlive));
  }

  /** The sum of one term is a sum all the same: that is where an exact reading rounds. */
  @Test
  void aGroupOfOneNeedsNobodyElseAndRoundsItsOneTerm() {
    List<Double> sums =
        ThreadRanks.inOneJvm(
            2,
            communicator -> {
              int rank = communicator.rank();
              Spec spec = Spec.of(DType.F64, Axis.HIDDEN, 1);
              return new WireCollectives<>(communicator, new RoundingWire(new PlainWire(rank)))
                  .allReduce(
                      Phase.ALL_REDUCE,
                      new Group("self[" + rank + "]", List.of(rank)),
                      new PlainTensor(spec, rank, rank + 0.75))
                  .value(0);
            });
    assertEquals(List.of(1.0, 2.0), sums);
  }

  /** Sums are whole numbers. */
  private record RoundingWire(PlainWire wire) implements Wire<PlainTensor> {
    @Override
    public ByteBuffer encode(PlainTensor tensor, Axis axis, int from, int to) {
      return wire.encode(tensor, axis, from, to);
    }

    @Override
    public PlainTensor decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
      return wire.decode(spec, axis, parts);
    }

    @Override
    public PlainTensor sum(Spec spec, List<ByteBuffer> parts) {
      PlainTensor sum = wire.sum(spec, parts);
      return new PlainTensor(
          spec, sum.owner(), Arrays.stream(sum.values()).map(Math::rint).toArray());
    }
  }

  @Test
  void receivedBuffersAreReadOnlyAndEachReceiversOwn() {
    ThreadRanks.inOneJvm(
        3,
        communicator -> {
          ByteBuffer sent = ByteBuffer.allocate(12).putInt(-1).putInt(communicator.rank());
          sent.position(4).limit(8);
          List<ByteBuffer> outgoing = Collections.nCopies(3, sent);
          List<ByteBuffer> received = communicator.exchange(all(3), "test", outgoing);
          for (int from = 0; from < 3; from++) {
            ByteBuffer buffer = received.get(from);
            assertEquals(0, buffer.position());
            assertEquals(4, buffer.remaining());
            assertEquals(from, buffer.getInt());
            assertThrows(ReadOnlyBufferException.class, () -> buffer.put(0, (byte) 1));
          }
          assertEquals(4, sent.position());
          return 0;
        });
  }

  @Test
  void aFinishedExchangeKeepsNothing() {
    ThreadRanks.inOneJvm(
        2,
        communicator -> {
          WeakReference<byte[]> payload = exchangeAndForget(communicator);
          // For ever, where something keeps it.
          while (payload.get() != null) {
            System.gc();
            Thread.sleep(20);
          }
          return 0;
        });
  }

  private static WeakReference<byte[]> exchangeAndForget(Communicator communicator) {
    byte[] payload = new byte[1000];
    communicator.exchange(all(2), "test", Collections.nCopies(2, ByteBuffer.wrap(payload)));
    return new WeakReference<>(payload);
  }

  @Test
  void runsAtOnceDoNotMeet() {
    List<CompletableFuture<Void>> runs =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(() -> randomGroups(i, 1_000)))
            .toList();
    runs.forEach(CompletableFuture::join);
  }

  @Test
  void tensOfThousandsOfExchangesInRandomGroupsDeliverWhatWasSent() {
    randomGroups(42, 20_000);
  }

  /** Rounds in each of which 8 ranks, dealt out at random, exchange numbers that tell all. */
  private static void randomGroups(long seed, int rounds) {
    int ranks = 8;
    List<Integer> exchanges =
        ThreadRanks.inOneJvm(
            ranks,
            communicator -> {
              Random random = new Random(seed);
              for (int round = 0; round < rounds; round++) {
                List<Integer> dealt = new ArrayList<>(all(ranks).ranks());
                Collections.shuffle(dealt, random);
                int cut = random.nextInt(ranks + 1);
                boolean low = dealt.indexOf(communicator.rank()) < cut;
                List<Integer> members =
                    low ? dealt.subList(0, cut) : dealt.subList(cut, dealt.size());
                exchangeAndCheck(communicator, new Group(members.toString(), members), round);
              }
              return rounds;
            });
    assertEquals(Collections.nCopies(ranks, rounds), exchanges);
  }

  private static void exchangeAndCheck(Communicator communicator, Group group, int round) {
    int rank = communicator.rank();
    List<ByteBuffer> outgoing = new ArrayList<>();
    for (int to : group.ranks()) {
      outgoing.add(ByteBuffer.allocate(12).putInt(rank).putInt(to).putInt(round).flip());
    }
    List<ByteBuffer> incoming = communicator.exchange(group, "round " + round, outgoing);
    for (int i = 0; i < group.size(); i++) {
      ByteBuffer buffer = incoming.get(i);
      List<Integer> expected = List.of(group.ranks().get(i), rank, round);
      assertEquals(expected, List.of(buffer.getInt(), buffer.getInt(), buffer.getInt()));
    }
  }
}

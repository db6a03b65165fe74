package dev.helix.laws.strategy;

import dev.helix.laws.LawViolation;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.RankFailure;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Checks bit for bit the exchanges that Helix does not use, on the ranks of a strategy: rows travel
 * to their ranks and back; gathered blocks stand in the order of the group; a broadcast is the
 * root's tensor; and what a rank sends to another one arrives, each time anew.
 */
final class StrategyExchanges<T extends Tensor> {
  private static final int WIDTH = 2;
  private static final int MOST_ROWS = 3;
  private static final int SENDS = 2;

  private final StrategyVariant<T> subject;
  private final Strategy strategy;
  private final long seed;
  private final Group all;
  private final int receivers;
  private final int root;

  /** Number of rows that each rank sends to each other rank. */
  private final int[][] rows;

  StrategyExchanges(StrategyVariant<T> subject, Strategy strategy, long seed) {
    this.subject = subject;
    this.strategy = strategy;
    this.seed = seed;
    int ranks = strategy.ranks();
    this.all = new Group("all", IntStream.range(0, ranks).boxed().toList());
    SplittableRandom random = new SplittableRandom(seed);
    this.receivers = 1 + random.nextInt(ranks);
    this.root = random.nextInt(ranks);
    this.rows = new int[ranks][ranks];
    for (int from = 0; from < ranks; from++) {
      for (int to = 0; to < ranks; to++) {
        rows[from][to] = from == to ? 0 : random.nextInt(MOST_ROWS + 1);
      }
    }
  }

  /** The first number that is not the one that was sent, in words. */
  Optional<String> fault() {
    List<List<Arrival>> arrived;
    try {
      arrived =
          ThreadRanks.inOneJvm(
              all.size(),
              communicator ->
                  exchanged(
                      communicator.rank(),
                      new StrategyRuns.Replaced<>(subject, strategy).on(communicator)));
    } catch (RankFailure e) {
      throw new LawViolation.Refusal("the ranks stopped: " + e.getMessage());
    }
    return arrived.stream().flatMap(List::stream).flatMap(one -> one.fault().stream()).findFirst();
  }

  /** The numbers that came on one rank, and those that should have come. */
  private static final class Arrival {
    private final String what;
    private final double[] expected;
    private final double[] got;

    Arrival(String what, double[] expected, double[] got) {
      this.what = what;
      this.expected = expected;
      this.got = got;
    }

    Optional<String> fault() {
      if (expected.length != got.length) {
        return Optional.of(
            "%s: expected %d numbers, got %d".formatted(what, expected.length, got.length));
      }
      for (int i = 0; i < expected.length; i++) {
        if (Double.doubleToRawLongBits(expected[i]) != Double.doubleToRawLongBits(got[i])) {
          return Optional.of(
              "%s: number %d has not the bits that were sent: expected %s, got %s"
                  .formatted(what, i, expected[i], got[i]));
        }
      }
      return Optional.empty();
    }
  }

  private List<Arrival> exchanged(int rank, RankOperations<T> operations) {
    List<Arrival> arrivals = new ArrayList<>();
    rows(rank, operations, arrivals);
    blocks(rank, operations, arrivals);
    broadcast(rank, operations, arrivals);
    stages(rank, operations, arrivals);
    return arrivals;
  }

  private void rows(int rank, RankOperations<T> operations, List<Arrival> arrivals) {
    Collectives<T> collectives = operations.collectives();
    RowCounts counts =
        new RowCounts(
            all.ranks().stream().map(to -> rows[rank][to]).toList(),
            all.ranks().stream().map(from -> rows[from][rank]).toList());
    double[] own = numbers("rows", rank, counts.allSent() * WIDTH);
    T sent = tensor(operations, "rows", own, new Dim(Axis.BATCH, counts.allSent()), width());
    T there = collectives.allToAllRows(Phase.DISPATCH, all, sent, counts);
    List<double[]> expected = new ArrayList<>();
    for (int from : all.ranks()) {
      int before = Arrays.stream(rows[from], 0, rank).sum();
      double[] theirs = numbers("rows", from, Arrays.stream(rows[from]).sum() * WIDTH);
      expected.add(Arrays.copyOfRange(theirs, before * WIDTH, (before + rows[from][rank]) * WIDTH));
    }
    arrivals.add(
        new Arrival(
            "rows that came to rank " + rank,
            joined(expected),
            operations.kernels().toHost(there)));
    T back = collectives.allToAllRows(Phase.COMBINE, all, there, counts.reversed());
    arrivals.add(
        new Arrival("rows that came back to rank " + rank, own, operations.kernels().toHost(back)));
  }

  private void blocks(int rank, RankOperations<T> operations, List<Arrival> arrivals) {
    Dim heads = new Dim(Axis.HEADS, receivers);
    double[] own = numbers("blocks", rank, receivers * WIDTH);
    T sent = tensor(operations, "blocks", own, heads, new Dim(Axis.HEAD_DIM, WIDTH));
    List<T> gathered =
        operations
            .collectives()
            .gatherBlocks(Phase.ALL_TO_ALL, all, receivers, Axis.HEADS, List.of(sent));
    if (rank < receivers) {
      List<double[]> expected =
          all.ranks().stream()
              .map(from -> numbers("blocks", from, receivers * WIDTH))
              .map(theirs -> Arrays.copyOfRange(theirs, rank * WIDTH, (rank + 1) * WIDTH))
              .toList();
      arrivals.add(
          new Arrival(
              "blocks gathered on rank " + rank,
              joined(expected),
              operations.kernels().toHost(gathered.get(0))));
    }
  }

  private void broadcast(int rank, RankOperations<T> operations, List<Arrival> arrivals) {
    Collectives<T> collectives = operations.collectives();
    double[] own = numbers("broadcast", rank, WIDTH);
    Spec spec = Spec.of(DType.F64, width());
    T told =
        rank == root
            ? collectives.broadcast(
                Phase.QKV, all, root, tensor(operations, "broadcast", own, width()))
            : collectives.receiveBroadcast(Phase.QKV, all, root, spec);
    arrivals.add(
        new Arrival(
            "the broadcast on rank " + rank,
            numbers("broadcast", root, WIDTH),
            operations.kernels().toHost(told)));
  }

  /** Sends from each rank to the next one, twice in a row. */
  private void stages(int rank, RankOperations<T> operations, List<Arrival> arrivals) {
    Collectives<T> collectives = operations.collectives();
    for (int send = 0; send < SENDS; send++) {
      String what = "state " + send;
      if (rank > 0) {
        T state = collectives.receive(Phase.PIPELINE, pair(rank - 1), Spec.of(DType.F64, width()));
        arrivals.add(
            new Arrival(
                what + " that was handed to rank " + rank,
                numbers(what, rank - 1, WIDTH),
                operations.kernels().toHost(state)));
      }
      if (rank + 1 < all.size()) {
        double[] own = numbers(what, rank, WIDTH);
        collectives.send(Phase.PIPELINE, pair(rank), tensor(operations, what, own, width()));
      }
    }
  }

  private static Group pair(int from) {
    return new Group("stages[" + from + "]", List.of(from, from + 1));
  }

  private static Dim width() {
    return new Dim(Axis.HIDDEN, WIDTH);
  }

  private static <T extends Tensor> T tensor(
      RankOperations<T> operations, String name, double[] numbers, Dim... dims) {
    String own = name + " of rank " + operations.kernels().rank();
    return operations
        .kernels()
        .constant(Spec.of(DType.F64, dims), new WeightSlice(own, () -> numbers));
  }

  /** Numbers of one rank that no other one has, and among them zeros of both signs. */
  private double[] numbers(String what, int rank, int count) {
    SplittableRandom random = new SplittableRandom(seed ^ (31L * what.hashCode() + rank));
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      double drawn = random.nextDouble(-1, 1);
      numbers[i] = random.nextInt(8) == 0 ? Math.copySign(random.nextInt(2), drawn) : drawn;
      numbers[i] = random.nextInt(8) == 0 ? Math.copySign(Double.MIN_VALUE, drawn) : numbers[i];
    }
    return numbers;
  }

  private static double[] joined(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}

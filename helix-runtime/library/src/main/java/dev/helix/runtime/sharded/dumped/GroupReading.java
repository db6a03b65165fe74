package dev.helix.runtime.sharded.dumped;

import static dev.helix.runtime.dump.DumpAxis.BATCH;
import static dev.helix.runtime.dump.DumpAxis.HEADS;
import static dev.helix.runtime.dump.DumpAxis.HEAD_DIM;
import static dev.helix.runtime.dump.DumpAxis.HIDDEN;
import static dev.helix.runtime.dump.DumpAxis.LATENT;
import static dev.helix.runtime.dump.DumpAxis.PEERS;
import static dev.helix.runtime.dump.DumpAxis.QUERIES;
import static dev.helix.runtime.dump.DumpAxis.STATISTICS;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Reads the small tensors of one rank, and tells the sizes of its attention. */
final class GroupReading {
  private final RankReading rank;
  private final int index;
  private final int kvp;
  private final Statistics statistics;

  /**
   * Reads one rank.
   *
   * @param index its index in the KVP group
   * @param statistics what two numbers for a row mean
   */
  GroupReading(RankReading rank, int index, int kvp, Statistics statistics) {
    this.rank = rank;
    this.index = index;
    this.kvp = kvp;
    this.statistics = statistics;
  }

  /** Turns the statistics of rows, {@code [rows, size]}, into log-sum-exps, {@code [rows]}. */
  interface Statistics {
    double[] lses(double[] numbers, int size);
  }

  RankStep read() {
    Map<StepTensor, double[]> tensors = new EnumMap<>(StepTensor.class);
    BiConsumer<StepTensor, Supplier<Optional<double[]>>> put =
        (tensor, source) -> {
          if (!tensors.containsKey(tensor)) {
            source.get().ifPresent(numbers -> tensors.put(tensor, numbers));
          }
        };
    put.accept(StepTensor.QUERY, () -> rank.numbers(Role.QUERY, BATCH, QUERIES, HEADS, HEAD_DIM));
    put.accept(StepTensor.QUERY, this::latentQuery);
    put.accept(StepTensor.LOCAL_LENGTHS, this::localLengths);
    put.accept(
        StepTensor.PARTIAL_OUTPUT,
        () -> rank.numbers(Role.PARTIAL_OUTPUT, BATCH, QUERIES, HEADS, HEAD_DIM));
    put.accept(
        StepTensor.PARTIAL_OUTPUT,
        () -> rank.numbers(Role.SENT_OUTPUT, BATCH, QUERIES, PEERS, HEADS, HEAD_DIM));
    put.accept(StepTensor.PARTIAL_LSE, () -> rank.numbers(Role.LSE, BATCH, QUERIES, HEADS));
    put.accept(StepTensor.PARTIAL_LSE, () -> statistics(Role.STATISTICS, BATCH, QUERIES, HEADS));
    put.accept(
        StepTensor.PARTIAL_LSE, () -> rank.numbers(Role.SENT_LSE, BATCH, QUERIES, PEERS, HEADS));
    put.accept(
        StepTensor.PARTIAL_LSE,
        () -> statistics(Role.SENT_STATISTICS, BATCH, QUERIES, PEERS, HEADS));
    put.accept(
        StepTensor.RECEIVED_OUTPUT,
        () -> rank.numbers(Role.RECEIVED_OUTPUT, PEERS, BATCH, QUERIES, HEADS, HEAD_DIM));
    put.accept(
        StepTensor.RECEIVED_LSE,
        () -> rank.numbers(Role.RECEIVED_LSE, PEERS, BATCH, QUERIES, HEADS));
    put.accept(
        StepTensor.RECEIVED_LSE,
        () -> statistics(Role.RECEIVED_STATISTICS, PEERS, BATCH, QUERIES, HEADS));
    put.accept(
        StepTensor.MERGED_OUTPUT,
        () -> rank.numbers(Role.MERGED_OUTPUT, BATCH, QUERIES, HEADS, HEAD_DIM));
    put.accept(StepTensor.MERGED_LSE, () -> rank.numbers(Role.MERGED_LSE, BATCH, QUERIES, HEADS));
    put.accept(StepTensor.VALUE_UP, () -> rank.numbers(Role.VALUE_UP, HEADS, HEAD_DIM, LATENT));
    put.accept(
        StepTensor.PROJECTION_WEIGHT,
        () -> rank.numbers(Role.OUTPUT_WEIGHT, HIDDEN, HEADS, HEAD_DIM));
    put.accept(
        StepTensor.PROJECTED, () -> rank.numbers(Role.PROJECTED_OUTPUT, BATCH, QUERIES, HIDDEN));
    return new RankStep(index, tensors, new CacheReading(rank).cache());
  }

  private Optional<double[]> statistics(Role role, DumpAxis... order) {
    return rank.find(role)
        .map(
            tensor -> {
              DumpAxis[] all = Arrays.copyOf(order, order.length + 1);
              all[order.length] = STATISTICS;
              double[] numbers = RankReading.ordered(tensor, all).data().numbers();
              return statistics.lses(numbers, Math.toIntExact(tensor.size(STATISTICS)));
            });
  }

  private Optional<double[]> latentQuery() {
    Optional<DumpTensor> latent = rank.find(Role.QUERY_LATENT);
    Optional<DumpTensor> rope = rank.find(Role.QUERY_ROPE);
    if (latent.isEmpty() || rope.isEmpty()) {
      return Optional.empty();
    }
    int first = Math.toIntExact(latent.get().size(HEAD_DIM));
    int second = Math.toIntExact(rope.get().size(HEAD_DIM));
    double[] front =
        RankReading.ordered(latent.get(), BATCH, QUERIES, HEADS, HEAD_DIM).data().numbers();
    double[] back =
        RankReading.ordered(rope.get(), BATCH, QUERIES, HEADS, HEAD_DIM).data().numbers();
    int rows = front.length / Math.max(1, first);
    if (back.length != rows * second) {
      throw new InvalidInputException(
          "%s: expected %d rows, as %s has, got %d"
              .formatted(rope.get().data(), rows, Role.QUERY_LATENT, back.length / second));
    }
    double[] all = new double[rows * (first + second)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(front, row * first, all, row * (first + second), first);
      System.arraycopy(back, row * second, all, row * (first + second) + first, second);
    }
    return Optional.of(all);
  }

  private Optional<double[]> localLengths() {
    Optional<int[]> given = rank.integers(Role.LOCAL_LENGTHS);
    if (given.isEmpty()) {
      given = fromLastPages();
    }
    return given.map(lengths -> Arrays.stream(lengths).asDoubleStream().toArray());
  }

  private Optional<int[]> fromLastPages() {
    Optional<int[]> starts = rank.integers(Role.KV_INDPTR);
    Optional<int[]> last = rank.integers(Role.LAST_PAGE_LENGTHS);
    Optional<Integer> page = new CacheReading(rank).cache().map(cache -> cache.pageSize());
    if (starts.isEmpty() || last.isEmpty() || page.isEmpty()) {
      return Optional.empty();
    }
    int[] lengths = new int[Math.min(last.get().length, starts.get().length - 1)];
    for (int request = 0; request < lengths.length; request++) {
      int pages = starts.get()[request + 1] - starts.get()[request];
      lengths[request] = pages == 0 ? 0 : (pages - 1) * page.get() + last.get()[request];
    }
    return Optional.of(lengths);
  }

  /** Number of query heads that the rank attends with. */
  Optional<Integer> heads() {
    Optional<Integer> whole =
        rank.find(Role.PARTIAL_OUTPUT)
            .or(() -> rank.find(Role.QUERY))
            .or(() -> rank.find(Role.QUERY_LATENT))
            .or(() -> rank.find(Role.LSE))
            .filter(tensor -> tensor.has(HEADS))
            .map(tensor -> Math.toIntExact(tensor.size(HEADS)));
    return whole.or(
        () ->
            rank.find(Role.SENT_OUTPUT)
                .or(() -> rank.find(Role.RECEIVED_OUTPUT))
                .or(() -> rank.find(Role.MERGED_OUTPUT))
                .filter(tensor -> tensor.has(HEADS))
                .map(tensor -> Math.toIntExact(tensor.size(HEADS) * kvp)));
  }

  /** Number of components of an output. */
  Optional<Integer> valueDim() {
    return rank.find(Role.PARTIAL_OUTPUT)
        .or(() -> rank.find(Role.MERGED_OUTPUT))
        .or(() -> rank.find(Role.SENT_OUTPUT))
        .or(() -> rank.find(Role.RECEIVED_OUTPUT))
        .or(() -> rank.find(Role.VALUE_CACHE))
        .or(() -> rank.find(Role.LATENT_CACHE))
        .filter(tensor -> tensor.has(HEAD_DIM))
        .map(tensor -> Math.toIntExact(tensor.size(HEAD_DIM)));
  }

  /** Number of components of a query; that of an output if there is none. */
  Optional<Integer> keyDim() {
    Optional<Integer> latent =
        rank.find(Role.QUERY_ROPE).map(rope -> Math.toIntExact(rope.size(HEAD_DIM)));
    return rank.find(Role.QUERY)
        .or(() -> rank.find(Role.QUERY_LATENT))
        .filter(tensor -> tensor.has(HEAD_DIM))
        .map(tensor -> Math.toIntExact(tensor.size(HEAD_DIM)) + latent.orElse(0))
        .or(this::valueDim);
  }

  /** Number of query tokens. */
  Optional<Integer> tokens() {
    for (Role role :
        new Role[] {
          Role.QUERY,
          Role.QUERY_LATENT,
          Role.PARTIAL_OUTPUT,
          Role.MERGED_OUTPUT,
          Role.SENT_OUTPUT,
          Role.RECEIVED_OUTPUT
        }) {
      Optional<DumpTensor> tensor = rank.find(role);
      if (tensor.isPresent()) {
        return Optional.of(RankReading.tokens(tensor.get()));
      }
    }
    return Optional.empty();
  }
}

package dev.helix.laws.decode;

import dev.helix.runtime.ranks.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.compare.Rounding;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Group;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/** The laws of the exchanges between ranks, on the ranks of a {@link DecodeCase}. */
final class CollectiveLawBodies {
  private static final int ROWS = 3;
  private static final int BLOCK = 2;
  private static final int DIM = 2;

  private final DecodeUnderTest subject;
  private final Group all;
  private final long seed;
  private final Function<Integer, DecodeUnderTest.Place> places;

  CollectiveLawBodies(
      DecodeUnderTest subject,
      Group all,
      long seed,
      Function<Integer, DecodeUnderTest.Place> places) {
    this.subject = subject;
    this.all = all;
    this.seed = seed;
    this.places = places;
  }

  /** What is wrong with the all-to-all of outputs and log-sum-exps, if anything is. */
  Optional<String> allToAll() {
    Fp64Reading reading = new Fp64Reading();
    List<List<double[]>> exchanged =
        ThreadRanks.run(all.size(), communicator -> exchanged(communicator, reading));
    for (int rank = 0; rank < all.size(); rank++) {
      for (int tensor = 0; tensor < 2; tensor++) {
        int width = tensor == 0 ? DIM : 1;
        double[] once = exchanged.get(rank).get(tensor);
        double[] twice = exchanged.get(rank).get(2 + tensor);
        for (int i = 0; i < once.length; i++) {
          int shard = i / (ROWS * BLOCK * width);
          if (once[i] != number(shard, tensor, i, rank, width)) {
            return Optional.of(
                "on rank %d, element %d of shard %d is not of the sender's block %d"
                    .formatted(rank, i, shard, rank));
          }
          if (twice[i] != number(rank, tensor, i, shard, width)) {
            return Optional.of(
                "on rank %d, element %d does not come back when blocks are exchanged twice"
                    .formatted(rank, i));
          }
        }
      }
    }
    return Optional.empty();
  }

  private List<double[]> exchanged(Communicator communicator, Fp64Reading reading) {
    RankOperations<Fp64Tensor> operations = reading.on(communicator);
    Collectives<Fp64Tensor> collectives = collectives(operations);
    int rank = communicator.rank();
    List<Fp64Tensor> sent = new ArrayList<>();
    for (int tensor = 0; tensor < 2; tensor++) {
      List<Dim> dims =
          new ArrayList<>(
              List.of(new Dim(Axis.BATCH, ROWS), new Dim(Axis.HEADS, BLOCK * all.size())));
      if (tensor == 0) {
        dims.add(new Dim(Axis.HEAD_DIM, DIM));
      }
      int at = tensor;
      int count = ROWS * BLOCK * all.size() * (tensor == 0 ? DIM : 1);
      sent.add(
          operations
              .kernels()
              .constant(
                  new Spec(DType.F64, dims),
                  new WeightSlice(
                      "tensor %d of rank %d".formatted(tensor, rank),
                      () -> numbers(rank, at, count))));
    }
    List<Fp64Tensor> once = collectives.allToAll(all, Axis.HEADS, sent);
    List<double[]> results = new ArrayList<>();
    once.forEach(tensor -> results.add(tensor.toArray()));
    collectives.allToAll(all, Axis.SHARDS, once).forEach(tensor -> results.add(tensor.toArray()));
    return results;
  }

  /** Of {@code [batch, heads, ..]} as a rank sends it. */
  private static double[] numbers(int rank, int tensor, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> rank * 10_000 + tensor * 1_000_000 + i);
    return numbers;
  }

  /** What index i of a stack of blocks should be, of this sender's block. */
  private double number(int sender, int tensor, int i, int block, int width) {
    int within = i % (ROWS * BLOCK * width);
    int row = within / (BLOCK * width);
    int at = (row * all.size() + block) * BLOCK * width + within % (BLOCK * width);
    return numbers(sender, tensor, at + 1)[at];
  }

  /** Where sums of sliced projections are held against the full one. */
  interface Comparison {
    void within(
        String claim, String where, DType format, double expected, double got, double bound);
  }

  /** Compares the sum of sliced projections on each rank with the full one. */
  void projections(Comparison comparison) {
    int width = BLOCK * all.size();
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles((long) ROWS * width, -1, 1).toArray();
    double[] weight = random.doubles((long) DIM * all.size() * width, -1, 1).toArray();
    int outputs = DIM * all.size();
    Fp64Reading reading = new Fp64Reading();
    List<double[]> sums =
        ThreadRanks.run(
            all.size(),
            communicator -> {
              RankOperations<Fp64Tensor> operations = reading.on(communicator);
              int from = communicator.rank() * BLOCK;
              Fp64Tensor part =
                  operations
                      .kernels()
                      .partialLinear(
                          columns(operations, "x", Axis.BATCH, ROWS, x, from),
                          columns(operations, "weight", Axis.HIDDEN, outputs, weight, from));
              return collectives(operations).allReduce(all, part).toArray();
            });
    for (int rank = 0; rank < sums.size(); rank++) {
      for (int i = 0; i < ROWS * outputs; i++) {
        BigDecimal exact = BigDecimal.ZERO;
        double magnitude = 0;
        for (int j = 0; j < width; j++) {
          double a = x[i / outputs * width + j];
          double b = weight[i % outputs * width + j];
          exact = exact.add(new BigDecimal(a).multiply(new BigDecimal(b)));
          magnitude += Math.abs(a * b);
        }
        double expected = exact.doubleValue();
        // A product and at most width sums of it, in any order, and the expected value's rounding.
        double bound = Rounding.gamma(width + all.size() + 1) * magnitude + Math.ulp(expected);
        comparison.within(
            "the sum of sliced projections is not the full one",
            "rank %d, element %d".formatted(rank, i),
            DType.F64,
            expected,
            sums.get(rank)[i],
            bound);
      }
    }
  }

  private static Fp64Tensor columns(
      RankOperations<Fp64Tensor> operations,
      String name,
      Axis axis,
      int rows,
      double[] matrix,
      int from) {
    int width = matrix.length / rows;
    double[] slice = new double[rows * BLOCK];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * width + from, slice, row * BLOCK, BLOCK);
    }
    Spec spec = Spec.of(DType.F64, new Dim(axis, rows), new Dim(Axis.HEADS_BY_DIM, BLOCK));
    return operations
        .kernels()
        .constant(spec, new WeightSlice("%s from %d".formatted(name, from), () -> slice));
  }

  private Collectives<Fp64Tensor> collectives(RankOperations<Fp64Tensor> operations) {
    return subject.collectives(places.apply(operations.scope().rank()), operations.collectives());
  }
}

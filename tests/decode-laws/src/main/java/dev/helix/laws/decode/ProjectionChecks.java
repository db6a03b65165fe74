package dev.helix.laws.decode;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.MoeOperations;
import dev.helix.ffn.Routing;
import dev.helix.ffn.baseline.BaselineFfn;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.bounds.FfnErrorBound;
import dev.helix.ffn.definition.SwiGluDefinition;
import dev.helix.ffn.helix.DenseFfnWeights;
import dev.helix.ffn.helix.HelixDenseFfn;
import dev.helix.ffn.helix.HelixMoe;
import dev.helix.ffn.helix.LogitRouter;
import dev.helix.ffn.helix.MoeWeights;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.compare.Rounding;
import dev.helix.tensor.program.Phase;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Checks that parts which ranks compute and add up give the whole: for projections, dense FFNs and
 * experts.
 */
final class ProjectionChecks<T extends Tensor> {
  private static final int ROWS = 3;
  private static final int COLUMNS_OF_EACH = 2;

  private final DecodeRanks<T> ranks;
  private final Demands demands;
  private final DecodeFfn ffn;
  private final Group all;

  ProjectionChecks(DecodeRanks<T> ranks, Demands demands) {
    this.ranks = ranks;
    this.demands = demands;
    this.ffn = new DecodeFfn(ranks.given);
    this.all = ranks.given.layout().all();
  }

  void hold() {
    plain();
    dense();
    List<Mixed> mixed = ranks.run(this::mixture);
    mixture(mixed);
  }

  /** Columns of a projection on each rank, and an all-reduce. */
  private void plain() {
    int width = COLUMNS_OF_EACH * all.size();
    int outputs = width;
    SplittableRandom random = new SplittableRandom(ranks.given.seed());
    double[] x = random.doubles((long) ROWS * width, -1, 1).toArray();
    double[] weight = random.doubles((long) outputs * width, -1, 1).toArray();
    List<double[]> sums =
        ranks.run(
            seat -> {
              int from = seat.rank() * COLUMNS_OF_EACH;
              Dim columns = new Dim(Axis.HEADS_BY_DIM, COLUMNS_OF_EACH);
              double[] ownX = DecodeWeights.columns(x, ROWS, from, COLUMNS_OF_EACH);
              double[] own = DecodeWeights.columns(weight, outputs, from, COLUMNS_OF_EACH);
              T part =
                  seat.operations()
                      .kernels()
                      .partialLinear(
                          Phase.FFN,
                          seat.constant("x", ownX, new Dim(Axis.BATCH, ROWS), columns),
                          seat.constant("weight", own, new Dim(Axis.HIDDEN, outputs), columns));
              return seat.numbers(seat.collectives().allReduce(Phase.ALL_REDUCE, all, part));
            });
    for (double[] sum : sums) {
      demands.requireSize("sums of a sliced projection", ROWS * outputs, sum.length);
    }
    for (int i = 0; i < ROWS * outputs; i++) {
      BigDecimal exact = BigDecimal.ZERO;
      double magnitude = 0;
      for (int j = 0; j < width; j++) {
        double a = x[i / outputs * width + j];
        double b = weight[i % outputs * width + j];
        exact = exact.add(new BigDecimal(a).multiply(new BigDecimal(b)));
        magnitude += Math.abs(a * b);
      }
      double expected = FiftyDigits.doubleValue(exact);
      // A product and at most width sums of it, in any order, and the expected value's rounding.
      double bound = Rounding.gamma(width + all.size() + 1) * magnitude + Math.ulp(expected);
      for (int rank = 0; rank < sums.size(); rank++) {
        int own = rank;
        int at = i;
        demands.within(
            "the sum of sliced projections is not the full one",
            () -> "rank %d, element %d".formatted(own, at),
            expected,
            sums.get(rank)[i],
            ranks.subject.inBits() ? 0 : bound);
      }
    }
  }

  private void dense() {
    List<double[]> outputs =
        ranks.run(
            seat ->
                seat.numbers(
                    gated(seat, seat.collectives(), "dense", ffn.denseSlices(seat.rank()))
                        .apply(x(seat))));
    UnaryOperator<double[]> definition = x -> SwiGluDefinition.apply(x, ffn.denseDefinition());
    BaselineFfn baseline = ffn.denseBaseline();
    compare("the FFN on ranks is not the full one", outputs, baseline, definition);
  }

  private HelixDenseFfn<T> gated(
      Seat<T> seat, Collectives<T> collectives, String name, DecodeFfn.Slices slices) {
    return new HelixDenseFfn<>(
        seat.operations().kernels(),
        seat.operations().ffn(),
        collectives,
        name.equals("dense") ? ffn.dense : ffn.mixture.shared(),
        new DenseFfnWeights<>(gateUp(seat, name, slices), down(seat, name, slices)));
  }

  /**
   * Checks that all ranks choose the experts of the rule, with the lowest index among equals, and
   * mix just these.
   */
  void routing() {
    List<Mixed> mixed = ranks.run(this::mixture);
    UnshardedMoe baseline = ffn.mixtureBaseline();
    for (int rank = 0; rank < mixed.size(); rank++) {
      for (int row = 0; row < ffn.rows; row++) {
        Set<Integer> expected = new TreeSet<>(baseline.chosen(ffn.x(row)));
        Set<Integer> chosen = new TreeSet<>(mixed.get(rank).routing.tokens().get(row).experts());
        int at = row;
        int own = rank;
        demands.same(
            expected.equals(chosen),
            expected.stream().mapToDouble(Integer::intValue).toArray(),
            chosen.stream().mapToDouble(Integer::intValue).toArray(),
            () ->
                "token %d goes to experts %s by %s, rank %d sends it to %s"
                    .formatted(at, expected, ffn.rule, own, chosen));
      }
    }
    mixture(mixed);
  }

  private void mixture(List<Mixed> mixed) {
    BaselineFfn baseline = ffn.mixtureBaseline();
    UnaryOperator<double[]> definition = ffn.mixtureDefinition()::apply;
    List<double[]> outputs = mixed.stream().map(own -> own.output).toList();
    compare("the experts on ranks are not the full mixture", outputs, baseline, definition);
  }

  /** The results of one rank for the mixture: its choice of experts, and the whole output. */
  private static final class Mixed {
    final Routing routing;
    final double[] output;

    Mixed(Routing routing, double[] output) {
      this.routing = routing;
      this.output = output;
    }
  }

  private Mixed mixture(Seat<T> seat) {
    int rank = seat.rank();
    List<T> gateUps = new ArrayList<>();
    List<T> downs = new ArrayList<>();
    for (DecodeFfn.Slices slices : ffn.expertSlices(rank)) {
      String name = "expert " + gateUps.size();
      gateUps.add(gateUp(seat, name, slices));
      downs.add(down(seat, name, slices));
    }
    T router =
        seat.constant(
            "router", ffn.routerRows(rank), new Dim(Axis.EXPERTS, ffn.moe.routerRows()), hidden());
    ExpertRouter chooser = ranks.subject.router(seat.place(), ffn.rule, ffn.bias());
    Collectives<T> ofShared =
        ranks.subject.sharedExpertCollectives(
            seat.place(), ffn.rule, seat.operations().kernels(), seat.collectives());
    HelixMoe<T> moe =
        new HelixMoe<>(
            new MoeOperations<>(
                seat.operations().kernels(),
                seat.operations().moe().orElseThrow(),
                seat.collectives()),
            ffn.moe,
            new LogitRouter<>(
                seat.operations().kernels(), chooser, ffn.mixture.experts(seat.place().rank())),
            new MoeWeights<>(router, gateUps, downs),
            Optional.of(gated(seat, ofShared, "shared", ffn.sharedSlices(rank))));
    List<Routing> choices = new ArrayList<>();
    double[] output = seat.numbers(moe.apply(x(seat), choices::add));
    return new Mixed(choices.get(0), output);
  }

  /** Holds what each rank has of each row against the whole. */
  private void compare(
      String claim,
      List<double[]> outputs,
      BaselineFfn baseline,
      UnaryOperator<double[]> definition) {
    for (double[] output : outputs) {
      demands.requireSize("numbers of an FFN's output", ffn.rows * ffn.hidden(), output.length);
    }
    for (int row = 0; row < ffn.rows; row++) {
      double[] x = ffn.x(row);
      double[] expected = ranks.subject.inBits() ? definition.apply(x) : baseline.apply(x);
      double[] bound =
          ranks.subject.inBits()
              ? new double[expected.length]
              : FfnErrorBound.beside(baseline).of(x, new double[x.length], List.of());
      for (int rank = 0; rank < outputs.size(); rank++) {
        for (int i = 0; i < expected.length; i++) {
          int own = rank;
          int token = row;
          int component = i;
          Supplier<String> where =
              () -> "rank %d, token %d, component %d".formatted(own, token, component);
          double got = outputs.get(rank)[row * expected.length + i];
          demands.within(claim, where, expected[i], got, bound[i]);
        }
      }
    }
  }

  private T x(Seat<T> seat) {
    return seat.constant("FFN input", ffn.x(), new Dim(Axis.BATCH, ffn.rows), hidden());
  }

  private T gateUp(Seat<T> seat, String name, DecodeFfn.Slices slices) {
    Dim rows = new Dim(Axis.GATE_UP, slices.gateUp.length / ffn.hidden());
    return seat.constant("gate and up, " + name, slices.gateUp, rows, hidden());
  }

  private T down(Seat<T> seat, String name, DecodeFfn.Slices slices) {
    Dim columns = new Dim(Axis.INTERMEDIATE, slices.down.length / ffn.hidden());
    return seat.constant("down, " + name, slices.down, hidden(), columns);
  }

  private Dim hidden() {
    return new Dim(Axis.HIDDEN, ffn.hidden());
  }
}

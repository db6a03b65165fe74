package dev.helix.runtime.paper;

import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * How the claims move with what the paper does not say. Everything is compared with TP, whose
 * frontier is that of the binding reading where it counts, at the best TTL.
 */
public final class Sensitivity {
  private static final double EXCHANGE_MICROS = 8;
  private static final double LAUNCH_MICROS = 2;

  private Sensitivity() {}

  /**
   * The comparison under one change.
   *
   * @param change what is changed, in words
   */
  public record Row(String change, Comparison comparison) {}

  /** All changes for one model. */
  public static List<Row> of(ModelStudy study) {
    List<Row> rows = new ArrayList<>();
    rows.addAll(overheads(study.model()));
    DType fp4 = DType.FP4;
    DType bf16 = DType.BF16;
    rows.add(precision(study, "KV cache in FP8", new DeployedPrecision(fp4, DType.FP8, bf16)));
    rows.add(precision(study, "KV cache in BF16", new DeployedPrecision(fp4, bf16, bf16)));
    rows.add(
        precision(
            study, "attention weights in BF16", new DeployedPrecision(bf16, fp4, fp4, fp4, bf16)));
    for (ModelStudy.Overlap overlap : ModelStudy.Overlap.values()) {
      rows.add(row(study.sweep(), overlap.toString(), p -> allows(overlap, p)));
    }
    for (int most : List.of(2, 4, 8)) {
      rows.add(
          row(
              study.sweep(),
              "HOP-B idealised, at most " + most + " pieces",
              p ->
                  allows(ModelStudy.Overlap.IDEALISED, p)
                      && p.configuration().hopB().pieces() <= most));
    }
    for (int gpus : List.of(8, 16, 32)) {
      rows.add(
          row(
              study.sweep(),
              "at most " + gpus + " GPUs",
              p -> idealised(p) && p.configuration().plan().gpus() <= gpus));
    }
    rows.add(
        row(
            study.sweep(),
            "batches that are powers of two",
            p -> idealised(p) && Integer.bitCount(p.configuration().batch()) == 1));
    rows.add(everyBatch(study.model()));
    return rows;
  }

  private static List<Row> overheads(String model) {
    List<Adjustment> changes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (int micros : List.of(4, 6, 8, 10, 12, 16)) {
      changes.add(new Adjustment(micros - EXCHANGE_MICROS, 0));
      words.add(micros + " µs an exchange" + (micros == EXCHANGE_MICROS ? ", as frozen" : ""));
    }
    for (int micros : List.of(0, 1, 3, 4)) {
      changes.add(new Adjustment(0, micros - LAUNCH_MICROS));
      words.add(micros + " µs a launch");
    }
    List<Sweep> sweeps =
        Sweep.varied(
            ModelStudy.deployment(model),
            space(SearchSpace.COARSE_BATCHES),
            changes,
            (done, all) -> {});
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      rows.add(row(sweeps.get(i), words.get(i), Sensitivity::idealised));
    }
    return rows;
  }

  private static Row precision(ModelStudy study, String words, DeployedPrecision precision) {
    Deployment deployment = ModelStudy.deployment(study.model(), precision);
    Sweep sweep = Sweep.of(deployment, space(SearchSpace.COARSE_BATCHES), (done, all) -> {});
    return row(sweep, words, Sensitivity::idealised);
  }

  private static Row everyBatch(String model) {
    List<Integer> each = SearchSpace.ALL_BATCHES.stream().filter(batch -> batch <= 64).toList();
    Sweep sweep = Sweep.of(ModelStudy.deployment(model), space(each), (done, all) -> {});
    return row(sweep, "every batch up to 64", Sensitivity::idealised);
  }

  private static SearchSpace space(List<Integer> batches) {
    return new SearchSpace(
        ModelStudy.GPUS,
        List.of(StrategyKind.TP, StrategyKind.HELIX),
        batches,
        SearchSpace.Pieces.ALL);
  }

  private static Row row(Sweep sweep, String words, Predicate<Point> allowed) {
    return new Row(
        words,
        new Comparison(
            frontier(sweep, StrategyKind.HELIX, allowed),
            frontier(sweep, StrategyKind.TP, allowed)));
  }

  private static Frontier frontier(Sweep sweep, StrategyKind kind, Predicate<Point> allowed) {
    return sweep.frontier(p -> p.configuration().plan().kind() == kind && allowed.test(p));
  }

  private static boolean idealised(Point point) {
    return allows(ModelStudy.Overlap.IDEALISED, point);
  }

  private static boolean allows(ModelStudy.Overlap overlap, Point point) {
    return overlap.allows(point.configuration().hopB());
  }
}

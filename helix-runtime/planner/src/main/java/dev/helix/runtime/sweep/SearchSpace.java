package dev.helix.runtime.sweep;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Everything that a sweep tries.
 *
 * @param gpus the most GPUs that an instance may have
 * @param strategies which strategies
 * @param batches the numbers of requests, ascending
 * @param pieces into which pieces HOP-B splits a group's requests
 */
public record SearchSpace(
    int gpus, List<StrategyKind> strategies, List<Integer> batches, Pieces pieces) {
  /** Into which pieces HOP-B splits a group's requests. A step without HOP-B is always tried. */
  public enum Pieces {
    /** No pieces. */
    NONE,
    /** Pieces of one request that count as an ideal overlap. */
    BY_REQUEST,
    /** 2, 4 or 8 pieces and pieces of one request, under each accounting. */
    ALL
  }

  /** The narrowest slice of an FFN's or an expert's inner size, which is one tile of a GEMM. */
  private static final int LEAST_COLUMNS = 128;

  private static final int[] PIECES = {2, 4, 8};

  /** The largest batch. A larger one is a typing error. */
  public static final int MAX_BATCH = 65_536;

  /** The most requests that are tried if nobody says how many. */
  public static final int MOST_TRIED = 512;

  /** Every number of requests up to 128, and every second one to the most that are tried. */
  public static final List<Integer> ALL_BATCHES =
      IntStream.rangeClosed(1, MOST_TRIED).filter(b -> b <= 128 || b % 2 == 0).boxed().toList();

  /** Powers of two, and three times powers of two. */
  public static final List<Integer> COARSE_BATCHES =
      List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512);

  public SearchSpace {
    strategies = List.copyOf(strategies);
    batches = List.copyOf(batches);
  }

  /** All widths of all strategies that divide a model. */
  public List<Plan> plans(ModelConfig model) {
    List<Plan> plans = new ArrayList<>();
    for (StrategyKind kind : strategies) {
      for (int n = 1; n <= gpus; n++) {
        for (Strategy strategy : of(kind, n, model)) {
          if (fits(strategy, model)) {
            plans.add(new Plan(kind, strategy));
          }
        }
      }
    }
    return plans;
  }

  private static boolean fits(Strategy strategy, ModelConfig model) {
    try {
      strategy.requireFits(model);
      return true;
    } catch (InvalidInputException e) {
      // The widths do not divide the model, and nobody has asked for just these.
      return false;
    }
  }

  private static List<Strategy> of(StrategyKind kind, int n, ModelConfig model) {
    List<Strategy> all = new ArrayList<>();
    switch (kind) {
      case TP -> ffns(n, model).forEach(ffn -> all.add(new TensorParallelStrategy(ffn)));
      case TP_PP -> pipelines(n, model, all);
      case HELIX ->
          divisors(n)
              .forEach(
                  tpa ->
                      ffns(n, model)
                          .forEach(
                              ffn ->
                                  all.add(
                                      new HelixStrategy(
                                          new Layout(n / tpa, tpa, ffn.tpf(), ffn.ep()),
                                          paged()))));
      case MEDHA -> divisors(n).forEach(tpa -> medhas(n / tpa, tpa, model, all));
      case DP_EP ->
          divisors(n).stream()
              .filter(tpa -> tpa < n)
              .forEach(tpa -> all.add(new DataParallelStrategy(n / tpa, 1, tpa, paged(), false)));
      case DP_HELIX -> groups(n, all);
    }
    return all;
  }

  private static void pipelines(int n, ModelConfig model, List<Strategy> all) {
    for (int tpa : divisors(n)) {
      if (tpa < n && isSmooth(n / tpa)) {
        ffns(tpa, model).forEach(ffn -> all.add(new PipelineStrategy(n / tpa, ffn, 1)));
      }
    }
  }

  /** Whether a number has no prime factors but 2 and 3. Other numbers of stages are not tried. */
  private static boolean isSmooth(int stages) {
    int rest = stages;
    while (rest % 2 == 0) {
      rest /= 2;
    }
    while (rest % 3 == 0) {
      rest /= 3;
    }
    return rest == 1;
  }

  private static void groups(int n, List<Strategy> all) {
    for (int group : divisors(n)) {
      for (int tpa : divisors(group)) {
        if (group < n && tpa < group) {
          all.add(new DataParallelStrategy(n / group, group / tpa, tpa, paged(), false));
        }
      }
    }
  }

  /** Medha's fixed group has the width of TPA, of eight GPUs, or of all. */
  private static void medhas(int kvp, int tpa, ModelConfig model, List<Strategy> all) {
    Set<Integer> widths = new TreeSet<>(List.of(tpa, 8, kvp * tpa));
    for (int width : widths) {
      boolean even = model.attention().queryHeads() % (kvp * tpa) == 0;
      if (kvp > 1 && even && width % tpa == 0 && width <= kvp * tpa) {
        ffns(width, model)
            .forEach(ffn -> all.add(new MedhaStrategy(kvp, tpa, ffn.tpf(), ffn.ep(), paged())));
      }
    }
  }

  /** Every FFN of some ranks, as a layout without KVP. */
  private static List<Layout> ffns(int ranks, ModelConfig model) {
    boolean experts = model.mixture().isPresent();
    int columns =
        model.mixture().map(m -> m.shape().intermediate()).orElse(model.intermediateSize());
    return divisors(ranks).stream()
        .filter(ep -> experts || ep == 1)
        .filter(ep -> ranks / ep == 1 || columns / (ranks / ep) >= LEAST_COLUMNS)
        .map(ep -> new Layout(1, ranks, ranks / ep, ep))
        .toList();
  }

  private static List<Integer> divisors(int n) {
    return IntStream.rangeClosed(1, n).filter(d -> n % d == 0).boxed().toList();
  }

  private static PlacementRule paged() {
    return PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
  }

  /** How many configurations of a model there are, whether they fit into memory or not. */
  public int size(ModelConfig model) {
    return plans(model).stream().mapToInt(plan -> configurations(plan, model).size()).sum();
  }

  /** The configurations of a plan. */
  List<Configuration> configurations(Plan plan, ModelConfig model) {
    List<Configuration> all = new ArrayList<>();
    for (int batch : batches) {
      if (plan.stages() > 1) {
        microBatches(plan, batch, all);
      } else if (batch % plan.groups() == 0 && !tooUneven(plan, batch, model)) {
        all.add(new Configuration(plan, batch, HopB.OFF, 1));
        if (plan.hasHopB()) {
          splits(batch / plan.groups())
              .forEach(split -> all.add(new Configuration(plan, batch, split, 1)));
        }
      }
    }
    return all;
  }

  /** One micro-batch, or as many as there are stages, or a power of two between. */
  private static void microBatches(Plan plan, int batch, List<Configuration> all) {
    for (int count = 1; count <= plan.stages(); count++) {
      boolean tried = Integer.bitCount(count) == 1 || count == plan.stages();
      if (tried && batch % count == 0 && COARSE_BATCHES.contains(batch / count)) {
        all.add(new Configuration(plan, batch, HopB.OFF, count));
      }
    }
  }

  /** The ways to split the requests of a group. */
  private List<HopB> splits(int requests) {
    if (pieces == Pieces.NONE || requests == 1) {
      return List.of();
    }
    if (pieces == Pieces.BY_REQUEST) {
      return List.of(new HopB(requests, Accounting.IDEALISED));
    }
    Set<Integer> counts = new TreeSet<>(Set.of(requests));
    for (int count : PIECES) {
      if (requests % count == 0) {
        counts.add(count);
      }
    }
    List<HopB> splits = new ArrayList<>();
    for (int count : counts) {
      for (Accounting accounting : Accounting.values()) {
        splits.add(new HopB(count, accounting));
      }
    }
    return splits;
  }

  /**
   * Whether the ranks of a group dispatch unequal shares of its tokens, which makes every rank a
   * kind of its own. Such batches are tried on the coarse grid alone.
   */
  private static boolean tooUneven(Plan plan, int batch, ModelConfig model) {
    return plan.groups() > 1
        && model.mixture().isPresent()
        && batch % plan.gpus() != 0
        && !COARSE_BATCHES.contains(batch / plan.groups());
  }
}

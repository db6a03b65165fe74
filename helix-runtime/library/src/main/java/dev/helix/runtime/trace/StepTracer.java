package dev.helix.runtime.trace;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.UnreadWeights;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.TraceReading;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Traces one step of the decode program, with shapes only. */
public final class StepTracer {
  private final ModelConfig model;
  private final Strategy strategy;
  private final DeployedPrecision precision;
  private final RouterSource<TraceTensor> routers;
  private final LayerRuns runs;
  private final Map<Integer, LoadedRank> loaded = new HashMap<>();

  StepTracer(
      ModelConfig model,
      Strategy strategy,
      DeployedPrecision precision,
      RouterSource<TraceTensor> routers,
      LayerRuns runs) {
    strategy.requireFits(model);
    this.model = model;
    this.strategy = strategy;
    this.precision = precision;
    this.routers = routers;
    this.runs = runs;
  }

  /**
   * Traces a step of decoding in which each request of a batch gets one token. This is the {@code
   * context}-th token, so that {@code context} tokens are attended to.
   *
   * @param load the load of the experts, if the model has them
   * @throws InvalidInputException if the strategy cannot spread the model, or batch or context is
   *     out of range
   */
  public static StepTrace trace(
      ModelConfig model,
      Strategy strategy,
      int batch,
      int context,
      DeployedPrecision precision,
      LoadModel load) {
    return trace(model, strategy, new StepQueries(batch, context), precision, load);
  }

  /**
   * Traces a step of decoding.
   *
   * @param load the load of the experts, if the model has them
   * @throws InvalidInputException if the strategy cannot spread the model or the requests
   */
  public static StepTrace trace(
      ModelConfig model,
      Strategy strategy,
      StepQueries queries,
      DeployedPrecision precision,
      LoadModel load) {
    boolean alike = model.mixture().isEmpty() || load.sameInEveryLayer();
    LayerRuns runs = alike ? LayerRuns.byKind(model) : LayerRuns.single(model);
    return trace(model, strategy, queries, precision, load, runs);
  }

  /**
   * Traces the same step with at most two layers of each kind, as {@link ShortSteps} does.
   *
   * @throws InvalidInputException if the strategy cannot spread the model or the requests
   * @throws IllegalArgumentException if the load differs from layer to layer, so that no two layers
   *     stand for the others
   */
  public static ShortStep shortStep(
      ModelConfig model,
      Strategy strategy,
      StepQueries queries,
      DeployedPrecision precision,
      LoadModel load) {
    return new ShortSteps(model, strategy, precision, load).of(queries);
  }

  /**
   * Traces the same step with other groups of layers.
   *
   * @param runs groups of layers, of which one is traced for all
   */
  static StepTrace trace(
      ModelConfig model,
      Strategy strategy,
      StepQueries queries,
      DeployedPrecision precision,
      LoadModel load,
      LayerRuns runs) {
    return new StepTracer(model, strategy, precision, new LoadedRouters(load), runs).trace(queries);
  }

  /** Traces a step in which every request is as long as the others. */
  StepTrace trace(StepQueries queries) {
    strategy.requireBatch(queries.batch());
    return trace(queries.rows(), request -> queries.tokens());
  }

  /**
   * Traces the same step with one rank for all whose launches have the same sizes, whomever they
   * exchange with. So its exchanges are those of that rank alone.
   */
  StepTrace bySizes(StepQueries queries) {
    strategy.requireBatch(queries.batch());
    List<StepRow> rows = queries.rows();
    IntUnaryOperator capacity = request -> queries.tokens();
    StepSizes sizes = strategy.sizes(model, rows, capacity, routers);
    return traced(KindsOfRanks.bySizes(strategy.ranks(), sizes::of), rows, capacity, sizes);
  }

  /**
   * Traces the steps of a numeric run, of the same program at the run's own shapes. Each step has
   * its own rows, with their positions and the routing that was observed.
   *
   * @param result the result of {@code plan}
   * @param precision the number formats in which bytes are counted, whatever the run computed in
   * @throws IllegalArgumentException if the model routes tokens and the run was not recorded
   */
  public static List<StepTrace> ofRun(
      DecodePlan plan, DecodeResult result, DeployedPrecision precision) {
    boolean routes = plan.model().mixture().isPresent();
    if (routes && result.taps().isEmpty()) {
      throw new IllegalArgumentException(
          "a trace of a run with experts: expected a recorded run, for its routing");
    }
    TapRecord taps = result.taps().orElseGet(TapRecord::new);
    List<StepTrace> steps = new ArrayList<>();
    for (StepRecord step : result.record().steps()) {
      StepTracer tracer =
          new StepTracer(
              plan.model(),
              plan.strategy(),
              precision,
              new ObservedRouters(taps, step.queries(), passes(plan.strategy(), step)),
              routes ? LayerRuns.single(plan.model()) : LayerRuns.byKind(plan.model()));
      steps.add(tracer.trace(step.rows(), request -> plan.requests().get(request).capacity()));
    }
    return steps;
  }

  /**
   * One trace for all ranks of a kind.
   *
   * @param capacity the greatest number of tokens of each request
   */
  private StepTrace trace(List<StepRow> rows, IntUnaryOperator capacity) {
    StepSizes sizes = strategy.sizes(model, rows, capacity, routers);
    return traced(
        KindsOfRanks.of(strategy.ranks(), sizes::of, strategy.exchanges()), rows, capacity, sizes);
  }

  private StepTrace traced(
      List<List<Integer>> kinds, List<StepRow> rows, IntUnaryOperator capacity, StepSizes sizes) {
    return new StepTrace(
        kinds.stream()
            .map(ranks -> kind(ranks, rows, capacity, sizes.kvElements(ranks.get(0))))
            .toList());
  }

  private StepTrace.Kind kind(
      List<Integer> ranks, List<StepRow> rows, IntUnaryOperator capacity, long kvElements) {
    LoadedRank rank = loaded.computeIfAbsent(ranks.get(0), LoadedRank::new);
    rank.step(rows, capacity);
    return new StepTrace.Kind(
        new RankKind(rank.own.unrolled(rank.reading.rank().trace()), ranks),
        memory(rank.own, rank.reading.rank(), kvElements));
  }

  /** What the first rank of a kind has launched and sent in the latest step, each layer once. */
  TraceRank traced(StepTrace.Kind kind) {
    return loaded.get(kind.members().get(0)).reading.rank();
  }

  /** The weights of one rank, with which it runs any number of steps. */
  private final class LoadedRank {
    private final TraceReading reading = new TraceReading();
    private final LayerRuns own;
    private final Decoder<TraceTensor> decoder;

    LoadedRank(int rank) {
      RankOperations<TraceTensor> operations = reading.on(new LoneRank(rank, strategy.ranks()));
      RankWeights<TraceTensor> weights =
          new RankWeights<>(new UnreadWeights(model), operations.kernels(), precision);
      DecoderLoader<TraceTensor> loader =
          new DecoderLoader<>(
              strategy, new RankLoading<>(operations, weights, routers), StepTap.none(), () -> {});
      this.own = runs.within(loader.layers());
      this.decoder = loader.load(own.firsts());
    }

    /** Runs a step of requests that have all tokens before their rows in the cache. */
    void step(List<StepRow> rows, IntUnaryOperator capacity) {
      reading.rank().startStep();
      Set<Integer> opened = new LinkedHashSet<>();
      try {
        for (StepRow row : rows) {
          int request = row.query().request();
          if (!opened.contains(request)) {
            decoder.openFilled(request, capacity.applyAsInt(request), row.query().position());
            opened.add(request);
          }
        }
        decoder.step(rows);
      } finally {
        // A step whose counts overflow is not the last one.
        opened.forEach(decoder::close);
      }
    }
  }

  private static List<List<QueryToken>> passes(Strategy strategy, StepRecord step) {
    return strategy.microBatches(step.rows()).stream()
        .map(rows -> rows.stream().map(StepRow::query).toList())
        .toList();
  }

  private RankMemory memory(LayerRuns own, TraceRank rank, long kvElements) {
    Map<WeightKind, Map<DType, Long>> weights = new EnumMap<>(WeightKind.class);
    rank.constants()
        .forEach(
            (place, specs) ->
                specs.forEach(
                    (spec, count) ->
                        weights
                            .computeIfAbsent(
                                WeightKind.of(place, spec, hasExperts(place)),
                                kind -> new EnumMap<>(DType.class))
                            .merge(
                                spec.dtype(),
                                Math.multiplyExact(
                                    (long) own.times(place) * count, spec.elements()),
                                Math::addExact)));
    LiveResults results = LiveResults.of(rank.trace().operations(), rank.results());
    return new RankMemory(weights, precision.kv(), kvElements, results);
  }

  private boolean hasExperts(Place place) {
    return place instanceof Place.LayerWeights weights
        && model.mixture(weights.index()).isPresent();
  }
}

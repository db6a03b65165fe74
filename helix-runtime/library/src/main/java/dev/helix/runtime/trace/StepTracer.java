package dev.helix.runtime.trace;

import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.UnreadWeights;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.TraceReading;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.ShardedModel;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.TraceTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one step of the decode program with shapes only. */
public final class StepTracer {
  /** Above it a batch is a typing error: no machine holds so many requests' caches. */
  static final int MAX_BATCH = 65_536;

  /** Above it a context is a typing error. */
  static final int MAX_CONTEXT = 1 << 30;

  private final ShardedModel sharded;
  private final DeployedPrecision precision;
  private final RouterSource<TraceTensor> routers;
  private final LayerRuns runs;

  private StepTracer(
      ShardedModel sharded,
      DeployedPrecision precision,
      RouterSource<TraceTensor> routers,
      LayerRuns runs) {
    this.sharded = sharded;
    this.precision = precision;
    this.routers = routers;
    this.runs = runs;
  }

  /**
   * A step of decoding, in which each request of a batch gets one token: the {@code context}-th, so
   * that with it {@code context} tokens are attended to.
   *
   * @param context at most that of the model or more: positions are not limited here
   * @param load of the experts, if the model has them
   * @param hopB whether attention and exchange are launched for each request by itself
   * @throws InvalidInputException if the layout does not divide the model, or batch or context is
   *     out of range
   */
  public static StepTrace trace(
      ModelConfig model,
      Layout layout,
      PlacementRule placement,
      int batch,
      int context,
      DeployedPrecision precision,
      LoadModel load,
      boolean hopB) {
    boolean alike = model.mixture().isEmpty() || load.sameInEveryLayer();
    LayerRuns runs = alike ? LayerRuns.byKind(model) : LayerRuns.single(model);
    return trace(model, layout, placement, batch, context, precision, load, hopB, runs);
  }

  /**
   * The same.
   *
   * @param runs of layers, of which one is traced for all
   */
  static StepTrace trace(
      ModelConfig model,
      Layout layout,
      PlacementRule placement,
      int batch,
      int context,
      DeployedPrecision precision,
      LoadModel load,
      boolean hopB,
      LayerRuns runs) {
    requireRange("batch", batch, MAX_BATCH);
    requireRange("context", context, MAX_CONTEXT);
    StepTracer tracer =
        new StepTracer(
            new ShardedModel(model, layout, hopB), precision, new LoadedRouters(load), runs);
    List<StepRow> rows = new ArrayList<>(batch);
    for (int request = 0; request < batch; request++) {
      rows.add(new StepRow(new QueryToken(request, context - 1), 0, true));
    }
    KvPlacement placed = placement.place(layout.kvp(), context);
    return tracer.trace(rows, request -> new Cached(placed, context, context - 1));
  }

  /**
   * The steps of a numeric run, of the same program at the run's own shapes: each with its rows,
   * their positions and the routing that was observed.
   *
   * @param result of {@code plan}
   * @param precision to count bytes in; the run's numbers are not asked
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
              plan.sharded(),
              precision,
              new ObservedRouters(taps, step.queries()),
              routes ? LayerRuns.single(plan.model()) : LayerRuns.byKind(plan.model()));
      steps.add(tracer.trace(step.rows(), requests(plan, step.rows())));
    }
    return steps;
  }

  /** Before the step a request has what lies before its first row. */
  private static Requests requests(DecodePlan plan, List<StepRow> rows) {
    Map<Integer, Cached> requests = new HashMap<>();
    for (StepRow row : rows) {
      int request = row.query().request();
      int capacity = plan.requests().get(request).capacity();
      KvPlacement placed = plan.placement().place(plan.layout().kvp(), capacity);
      requests.putIfAbsent(request, new Cached(placed, capacity, row.query().position()));
    }
    return requests::get;
  }

  /** One trace for all ranks whose shards and experts have the same sizes. */
  private StepTrace trace(List<StepRow> rows, Requests requests) {
    boolean oneLoad = sharded.model().mixture().isEmpty() || routers.sameOnEveryRank();
    Map<Sizes, List<Integer>> alike = new LinkedHashMap<>();
    List<List<Share>> byShard = new ArrayList<>();
    for (int kvpIndex = 0; kvpIndex < sharded.layout().kvp(); kvpIndex++) {
      byShard.add(shares(kvpIndex, rows, requests));
    }
    for (int rank = 0; rank < sharded.layout().ranks(); rank++) {
      int expertGroup = oneLoad ? 0 : sharded.layout().epIndex(rank);
      Sizes sizes = new Sizes(byShard.get(sharded.layout().kvpIndex(rank)), expertGroup);
      alike.computeIfAbsent(sizes, first -> new ArrayList<>()).add(rank);
    }
    List<StepTrace.Kind> kinds = new ArrayList<>();
    alike.values().forEach(ranks -> kinds.add(kind(ranks, rows, requests)));
    return new StepTrace(kinds);
  }

  private StepTrace.Kind kind(List<Integer> ranks, List<StepRow> rows, Requests requests) {
    int rank = ranks.get(0);
    TraceReading reading = new TraceReading();
    RankOperations<TraceTensor> operations =
        reading.on(new LoneRank(rank, sharded.layout().ranks()));
    Decoder<TraceTensor> decoder =
        new DecoderLoader<>(
                sharded,
                new UnreadWeights(sharded.model()),
                precision,
                operations,
                routers,
                StepTap.none(),
                () -> {})
            .load(runs.firsts());
    int opened = -1;
    for (StepRow row : rows) {
      int request = row.query().request();
      if (request != opened) {
        Cached cached = requests.of(request);
        decoder.openFilled(request, cached.placement(), cached.capacity(), cached.tokens());
        opened = request;
      }
    }
    decoder.step(rows);
    long tokens = 0;
    for (Share share : shares(sharded.layout().kvpIndex(rank), rows, requests)) {
      tokens += share.last() ? share.tokens() : 0;
    }
    return new StepTrace.Kind(
        new RankKind(runs.unrolled(reading.rank().trace()), ranks),
        memory(reading.rank().constantElements(), tokens));
  }

  private RankMemory memory(Map<Place, Map<DType, Long>> elements, long tokens) {
    Map<DType, Long> weights = new EnumMap<>(DType.class);
    elements.forEach(
        (place, byPrecision) -> {
          long times = runs.times(place);
          byPrecision.forEach(
              (dtype, count) -> weights.merge(dtype, times * count, Math::addExact));
        });
    ModelConfig model = sharded.model();
    long ofToken = model.kvElementsPerToken() / sharded.layout().tpa();
    return new RankMemory(weights, precision.kv(), Math.multiplyExact(ofToken, tokens));
  }

  /** What each row finds on a shard. */
  private static List<Share> shares(int kvpIndex, List<StepRow> rows, Requests requests) {
    List<Share> shares = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      QueryToken token = rows.get(i).query();
      boolean last = i + 1 == rows.size() || rows.get(i + 1).query().request() != token.request();
      KvPlacement placement = requests.of(token.request()).placement();
      int tokens = placement.localLength(kvpIndex, token.position() + 1);
      boolean owned = placement.owner(token.position()) == kvpIndex;
      shares.add(new Share(tokens, owned, last));
    }
    return shares;
  }

  private static void requireRange(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new InvalidInputException(
          "%s must be between 1 and %d, got %d".formatted(what, most, value));
    }
  }

  /** What is known of a request before the step. */
  private interface Requests {
    Cached of(int request);
  }

  /**
   * A request before the step.
   *
   * @param capacity tokens that it is expected to reach
   * @param tokens that it has in the cache
   */
  private record Cached(KvPlacement placement, int capacity, int tokens) {}

  /** All that ranks can differ in. */
  private record Sizes(List<Share> shares, int expertGroup) {}

  /**
   * A row's part on a rank.
   *
   * @param tokens that it sees there
   * @param owned whether its own is among them
   * @param last whether it is the last row of its request
   */
  private record Share(int tokens, boolean owned, boolean last) {}
}

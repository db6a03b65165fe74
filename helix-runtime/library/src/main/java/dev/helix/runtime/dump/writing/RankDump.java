package dev.helix.runtime.dump.writing;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Protocol;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.checkpoint.LatentNames;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.RankAttention;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one rank held in a step. */
final class RankDump {
  private final DecodePlan plan;
  private final HelixStrategy strategy;
  private final RunRecord record;
  private final DumpedTokens tokens;
  private final DumpForm form;
  private final int rank;
  private final RankFile file = new RankFile();

  RankDump(DecodePlan plan, RunRecord record, DumpedTokens tokens, DumpForm form, int rank) {
    this.plan = plan;
    this.strategy = HelixStrategy.of(plan.strategy());
    this.record = record;
    this.tokens = tokens;
    this.form = form;
    this.rank = rank;
  }

  /** What the names of a layer's tensors begin with. */
  static String prefix(int layer) {
    return "layer%d.".formatted(layer);
  }

  void write(Path path) {
    facts();
    file.integers("seq_lens", tokens.lengths());
    file.integers("qo_indptr", tokens.firstRows());
    CacheDump cache = new CacheDump(plan, record, file, rank, form.convention().formats().answer());
    for (int layer = 0; layer < plan.model().layers(); layer++) {
      List<KeptTokens> kept = kept(layer);
      file.integers(
          prefix(layer) + "local_seq_lens",
          kept.stream().mapToInt(request -> request.tokens().size()).toArray());
      states(layer);
      queries(layer);
      cache.write(layer, kept);
      projection(layer);
    }
    file.write(path);
  }

  private void facts() {
    Convention convention = form.convention();
    file.state("kvp", strategy.layout().kvp());
    // Contiguous parts are those of what a request may grow to, which a reader does not know.
    if (strategy.placement().kind() == PlacementRule.Kind.ROUND_ROBIN) {
      file.state("placement", strategy.placement().kind());
      file.state("run_length", strategy.placement().runLength());
    }
    if (convention.origin().source().isEmpty()) {
      file.state("lse_base", "e");
    } else {
      file.state("convention", convention.origin().name());
    }
    double scale =
        plan.model()
            .attentionKind()
            .choose(shape -> shape.scoreScale(), shape -> shape.scoreScale(plan.model().rope()));
    file.state("softmax_scale", scale);
    plan.model().slidingWindow().ifPresent(window -> file.state("window", window));
    if (plan.cache().quantizes()) {
      file.state("kv_format", plan.cache());
    }
  }

  private void states(int layer) {
    StateArrays states = new StateArrays(form.convention(), file);
    List<RankAttention> held = held(layer);
    states.partials(prefix(layer), held.stream().map(RankAttention::partial).toList());
    // Where each rank scales its own part and a collective sums them, no part arrives anywhere.
    if (form.convention().protocol().exchange() != Protocol.Exchange.SCALE_AND_REDUCE) {
      states.received(prefix(layer), held.stream().map(RankAttention::arrived).toList());
    }
    states.merged(
        prefix(layer),
        held.stream().map(RankAttention::merged).toList(),
        held.get(0).arrived().get(0).lse().length);
    // The run's own merge hands on outputs alone. What it had on its way is known where it is
    // right.
    if (form.convention().weights().returned() && form.fault().isEmpty()) {
      states.mergedLses(prefix(layer), held.stream().map(RankAttention::arrived).toList());
    }
  }

  private void queries(int layer) {
    List<RankAttention> held = held(layer);
    int heads = held.get(0).partial().lse().length;
    List<double[]> rows = held.stream().map(row -> row.projected().orElseThrow().query()).toList();
    int dim = rows.get(0).length / heads;
    plan.model()
        .attentionKind()
        .choose(
            shape -> query(prefix(layer) + "q", rows, heads, 0, dim),
            shape ->
                query(prefix(layer) + "q_nope", rows, heads, 0, shape.latent())
                    && query(prefix(layer) + "q_pe", rows, heads, shape.latent(), dim));
  }

  /** The columns of the output projection for the rank's own heads, and the sum over all ranks. */
  private void projection(int layer) {
    int heads = held(layer).get(0).arrived().get(0).lse().length;
    int columns =
        plan.model()
            .attentionKind()
            .choose(
                shape -> held(layer).get(0).merged().length,
                shape -> valueUp(layer, shape, heads) * heads);
    int hidden = plan.model().attentionKind().choose(AttentionShape::hidden, LatentShape::hidden);
    double[] weights =
        plan.checkpoint()
            .slice(
                LlamaNames.attentionOutput(layer), 0, hidden, rank * columns, (rank + 1) * columns)
            .values()
            .get();
    file.numbers(
        prefix(layer) + "o_proj",
        DType.F64,
        List.of(DumpAxis.HIDDEN, DumpAxis.HEADS_BY_DIM),
        List.of(hidden, columns),
        weights);
    TapPoint point = new TapPoint(layer, Quantity.ATTENTION_OUTPUT);
    file.numbers(
        prefix(layer) + "projected",
        form.convention().formats().answer(),
        List.of(DumpAxis.BATCH, DumpAxis.HIDDEN),
        List.of(tokens.rows().size(), hidden),
        tokens.rows().stream()
            .flatMapToDouble(token -> Arrays.stream(record.taps().orElseThrow().row(point, token)))
            .toArray());
  }

  /** Writes what makes values of latents for the rank's own heads, and returns a value's size. */
  private int valueUp(int layer, LatentShape shape, int heads) {
    double[] all = new double[heads * shape.valueDim() * shape.latent()];
    int size = shape.valueDim() * shape.latent();
    for (int head = 0; head < heads; head++) {
      int row = (rank * heads + head) * shape.upRows() + shape.nopeDim();
      double[] rows =
          plan.checkpoint()
              .slice(LatentNames.keyValueUp(layer), row, row + shape.valueDim(), 0, shape.latent())
              .values()
              .get();
      System.arraycopy(rows, 0, all, head * size, size);
    }
    file.numbers(
        prefix(layer) + "value_up",
        DType.F64,
        List.of(DumpAxis.HEADS, DumpAxis.HEAD_DIM, DumpAxis.LATENT),
        List.of(heads, shape.valueDim(), shape.latent()),
        all);
    return shape.valueDim();
  }

  private boolean query(String name, List<double[]> rows, int heads, int from, int to) {
    file.vectors(name, form.convention().formats().answer(), rows, heads, from, to);
    return true;
  }

  /** What this rank keeps of each request in a layer. */
  private List<KeptTokens> kept(int layer) {
    int index = strategy.layout().kvpIndex(rank);
    List<KeptTokens> all = new ArrayList<>();
    for (QueryToken last : tokens.last()) {
      int capacity = plan.requests().get(last.request()).capacity();
      KvPlacement agreed = strategy.placement().place(strategy.layout().kvp(), capacity);
      KvPlacement placement =
          form.fault().map(on -> on.placement(strategy, rank, layer, agreed)).orElse(agreed);
      List<QueryToken> kept = new ArrayList<>();
      for (int position = 0; position <= last.position(); position++) {
        if (placement.owner(position) == index) {
          kept.add(new QueryToken(last.request(), position));
        }
      }
      all.add(
          new KeptTokens(kept, KvShard.allocatedSlots(placement, index, capacity, kept.size())));
    }
    return all;
  }

  private List<RankAttention> held(int layer) {
    return tokens.rows().stream()
        .map(token -> record.attention().orElseThrow().of(rank, layer, token))
        .toList();
  }
}

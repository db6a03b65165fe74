package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.PartialRow;
import dev.helix.runtime.record.ProjectedRow;
import dev.helix.runtime.record.RankAttention;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What one rank held in a step whose requests have one token each. */
final class RankDump {
  private final DecodePlan plan;
  private final HelixStrategy strategy;
  private final AttentionRecord attention;
  private final List<QueryToken> step;
  private final int rank;
  private final SafetensorsWriter writer = new SafetensorsWriter();

  RankDump(
      DecodePlan plan,
      HelixStrategy strategy,
      AttentionRecord attention,
      List<QueryToken> step,
      int rank) {
    this.plan = plan;
    this.strategy = strategy;
    this.attention = attention;
    this.step = step;
    this.rank = rank;
  }

  void write(Path file) {
    lengths();
    for (int layer = 0; layer < plan.model().layers(); layer++) {
      states(layer);
      boolean keepsNumbers = !plan.cache().quantizes();
      if (held(layer, step.get(0)).projected().isPresent() && keepsNumbers) {
        queriesAndCache(layer);
      }
    }
    writer
        .metadata("kvp", String.valueOf(strategy.layout().kvp()))
        .metadata("placement", strategy.placement().kind().toString())
        .metadata("run_length", String.valueOf(strategy.placement().runLength()))
        .write(file);
  }

  private void lengths() {
    long[] global = step.stream().mapToLong(token -> token.position() + 1L).toArray();
    long[] local = step.stream().mapToLong(token -> kept(token).size()).toArray();
    writer.integers("seq_lens", List.of(step.size()), global);
    writer.integers("local_seq_lens", List.of(step.size()), local);
  }

  private void states(int layer) {
    RankAttention first = held(layer, step.get(0));
    int heads = first.partial().lse().length;
    int dim = first.partial().output().length / heads;
    int own = first.merged().length / dim;
    int peers = first.arrived().size();
    int batch = step.size();
    numbers(layer, "partial_o", List.of(batch, heads, dim), held -> held.partial().output());
    numbers(layer, "lse", List.of(batch, heads), held -> held.partial().lse());
    List<double[]> outputs = new ArrayList<>();
    List<double[]> lses = new ArrayList<>();
    for (int peer = 0; peer < peers; peer++) {
      for (QueryToken token : step) {
        PartialRow arrived = held(layer, token).arrived().get(peer);
        outputs.add(arrived.output());
        lses.add(arrived.lse());
      }
    }
    put(layer, "received_o", List.of(peers, batch, own, dim), outputs);
    put(layer, "received_lse", List.of(peers, batch, own), lses);
    numbers(layer, "output", List.of(batch, own, dim), RankAttention::merged);
  }

  /** The queries, and the keys and values of the tokens that the rank keeps, request by request. */
  private void queriesAndCache(int layer) {
    int dim = plan.model().attention().headDim();
    ProjectedRow first = held(layer, step.get(0)).projected().orElseThrow();
    int kvHeads = first.key().length / dim;
    numbers(
        layer,
        "q",
        List.of(step.size(), first.query().length / dim, dim),
        held -> held.projected().orElseThrow().query());
    int capacity = step.stream().mapToInt(token -> kept(token).size()).max().orElseThrow();
    List<double[]> keys = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (QueryToken token : step) {
      List<QueryToken> kept = kept(token);
      for (QueryToken cached : kept) {
        ProjectedRow projected = held(layer, cached).projected().orElseThrow();
        keys.add(projected.key());
        values.add(projected.value());
      }
      double[] unused = new double[(capacity - kept.size()) * kvHeads * dim];
      keys.add(unused);
      values.add(unused);
    }
    List<Integer> shape = List.of(step.size(), capacity, kvHeads, dim);
    put(layer, "k_cache", shape, keys);
    put(layer, "v_cache", shape, values);
  }

  /** The tokens of a request, up to one, that this rank keeps. */
  private List<QueryToken> kept(QueryToken last) {
    Group group = strategy.layout().kvpGroup(rank);
    int capacity = plan.requests().get(last.request()).capacity();
    KvPlacement placement = strategy.placement().place(group.size(), capacity);
    List<QueryToken> kept = new ArrayList<>();
    for (int position = 0; position <= last.position(); position++) {
      if (placement.owner(position) == group.indexOf(rank)) {
        kept.add(new QueryToken(last.request(), position));
      }
    }
    return kept;
  }

  private RankAttention held(int layer, QueryToken token) {
    return attention.of(rank, layer, token);
  }

  private void numbers(
      int layer, String name, List<Integer> shape, Function<RankAttention, double[]> row) {
    put(layer, name, shape, step.stream().map(token -> row.apply(held(layer, token))).toList());
  }

  private void put(int layer, String name, List<Integer> shape, List<double[]> rows) {
    double[] all = new double[rows.stream().mapToInt(row -> row.length).sum()];
    int at = 0;
    for (double[] row : rows) {
      System.arraycopy(row, 0, all, at, row.length);
      at += row.length;
    }
    writer.tensor("layer%d.%s".formatted(layer, name), DType.F64, shape, all);
  }
}

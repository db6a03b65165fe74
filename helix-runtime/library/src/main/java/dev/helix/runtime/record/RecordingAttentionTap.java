package dev.helix.runtime.record;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.RotatedQkv;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records what one rank holds inside of the attention of one layer, token by token. */
final class RecordingAttentionTap<T extends Tensor> implements AttentionTap<T> {
  private final Kernels<T> kernels;
  private final int layer;
  private final AttentionRecord record;
  private final Map<QueryToken, ProjectedRow> projections = new HashMap<>();
  private final Map<QueryToken, PartialRow> partials = new HashMap<>();
  private final Map<QueryToken, List<PartialRow>> arrivals = new HashMap<>();

  RecordingAttentionTap(Kernels<T> kernels, int layer, AttentionRecord record) {
    this.kernels = kernels;
    this.layer = layer;
    this.record = record;
  }

  @Override
  public void projected(List<QueryToken> step, RotatedQkv<T> projected) {
    List<double[]> queries = rows(kernels.toHost(projected.queries()), step.size());
    List<double[]> keys = rows(kernels.toHost(projected.keys()), step.size());
    List<double[]> values = rows(kernels.toHost(projected.values()), step.size());
    for (int row = 0; row < step.size(); row++) {
      projections.put(
          step.get(row), new ProjectedRow(queries.get(row), keys.get(row), values.get(row)));
    }
  }

  @Override
  public void projectedLatents(List<QueryToken> step, RotatedLatent<T> projected) {
    List<double[]> queries = rows(kernels.toHost(projected.queries()), step.size());
    List<double[]> entries = rows(kernels.toHost(projected.entries()), step.size());
    for (int row = 0; row < step.size(); row++) {
      projections.put(
          step.get(row), new ProjectedRow(queries.get(row), entries.get(row), new double[0]));
    }
  }

  @Override
  public void partial(List<QueryToken> step, PartialAttention<T> partial) {
    List<PartialRow> rows = rows(partial, step.size());
    for (int row = 0; row < step.size(); row++) {
      partials.put(step.get(row), rows.get(row));
    }
  }

  @Override
  public void exchanged(List<QueryToken> step, PartialAttention<T> shards) {
    int parts = shards.output().spec().size(Axis.SHARDS);
    // The order is shard by shard, and in each shard row by row.
    List<PartialRow> rows = rows(shards, parts * step.size());
    for (int row = 0; row < step.size(); row++) {
      List<PartialRow> arrived = new ArrayList<>(parts);
      for (int shard = 0; shard < parts; shard++) {
        arrived.add(rows.get(shard * step.size() + row));
      }
      arrivals.put(step.get(row), arrived);
    }
  }

  @Override
  public void merged(List<QueryToken> step, T merged) {
    List<double[]> rows = rows(kernels.toHost(merged), step.size());
    for (int row = 0; row < step.size(); row++) {
      QueryToken token = step.get(row);
      RankAttention attention =
          new RankAttention(
              Optional.ofNullable(projections.remove(token)),
              partials.remove(token),
              arrivals.remove(token),
              rows.get(row));
      record.keep(kernels.rank(), layer, token, attention);
    }
  }

  private List<PartialRow> rows(PartialAttention<T> state, int count) {
    List<double[]> outputs = rows(kernels.toHost(state.output()), count);
    List<double[]> lses = rows(kernels.toHost(state.lse()), count);
    List<PartialRow> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      rows.add(new PartialRow(outputs.get(row), lses.get(row)));
    }
    return rows;
  }

  private static List<double[]> rows(double[] values, int count) {
    int width = values.length / count;
    List<double[]> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      rows.add(Arrays.copyOfRange(values, row * width, (row + 1) * width));
    }
    return rows;
  }
}

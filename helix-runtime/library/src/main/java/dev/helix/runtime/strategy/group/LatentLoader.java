package dev.helix.runtime.strategy.group;

import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.HelixLatentAttention;
import dev.helix.attention.helix.LatentSettings;
import dev.helix.attention.helix.LatentSharding;
import dev.helix.attention.helix.LatentWeights;
import dev.helix.attention.helix.LatentWeights.QueryCompression;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LatentNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.tensor.Axis;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads one rank's latent attention of a layer: its slices of the weights, and an empty cache. */
final class LatentLoader<T extends Tensor> extends AttentionLoader<T> {
  private final LatentSharding sharding;

  LatentLoader(GroupModel group, LatentSharding sharding, RankLoading<T> loading) {
    super(group, loading);
    this.sharding = sharding;
  }

  @Override
  SelfAttention<T> load(int layer) {
    LatentKernels<T> latentKernels =
        operations
            .latent()
            .orElseThrow(
                () -> new InvalidInputException("this reading does not compute latent attention"));
    ModelConfig model = group.model();
    return new HelixLatentAttention<>(
        operations.ofAttention(),
        latentKernels,
        new LatentSettings(sharding, model.rope(), model.latentNormEpsilon(), group.hopB()),
        layerWeights(layer),
        cache(layer, 0, PageForm.entries(sharding.shape().entryDim(), weights.precision().kv())));
  }

  /**
   * Loads the queries and key up-projections of the Q/TPA heads that the rank has before the
   * exchange, and the values and output columns of the Q/N heads that it owns after it.
   */
  private LatentWeights<T> layerWeights(int layer) {
    LatentShape shape = sharding.shape();
    int hidden = shape.hidden();
    int first = sharding.absorbed().firstPartialHead(rank);
    int end = first + sharding.absorbed().partialHeads();
    int queryFrom = first * shape.queryDim();
    int queries = end * shape.queryDim() - queryFrom;
    Optional<QueryCompression<T>> compression = Optional.empty();
    String queryName = LatentNames.query(layer);
    Axis queryInput = Axis.HIDDEN;
    int queryWidth = hidden;
    if (shape.queryLatent().isPresent()) {
      queryName = LatentNames.queryUp(layer);
      queryInput = Axis.QUERY_LATENT;
      queryWidth = shape.queryLatent().getAsInt();
      WeightSlice down = weights.slice(LatentNames.queryDown(layer), 0, queryWidth, 0, hidden);
      compression =
          Optional.of(
              new QueryCompression<>(
                  weights.matrix(queryInput, queryWidth, Axis.HIDDEN, hidden, down),
                  weights.vector(queryInput, queryWidth, LatentNames.queryNorm(layer))));
    }
    boolean owns = sharding.absorbed().owns(rank);
    int own = owns ? sharding.firstOwnedHead(rank) : 0;
    int ownEnd = owns ? own + sharding.ownedHeads() : 0;
    return new LatentWeights<>(
        compression,
        weights.matrix(
            Axis.HEADS_BY_DIM,
            queries,
            queryInput,
            queryWidth,
            weights.slice(queryName, queryFrom, queryFrom + queries, 0, queryWidth)),
        weights.matrix(
            Axis.LATENT_ENTRY,
            shape.entryDim(),
            Axis.HIDDEN,
            hidden,
            weights.slice(LatentNames.entry(layer), 0, shape.entryDim(), 0, hidden)),
        weights.vector(Axis.LATENT, shape.latent(), LatentNames.latentNorm(layer)),
        up(layer, first, end, 0, shape.nopeDim()),
        up(layer, own, ownEnd, shape.nopeDim(), shape.upRows()),
        output(layer, own * shape.valueDim(), ownEnd * shape.valueDim()));
  }

  /** Loads rows {@code [from, to)} of each head's up-projection, for some heads. */
  private T up(int layer, int firstHead, int endHead, int from, int to) {
    LatentShape shape = sharding.shape();
    List<WeightSlice> heads = new ArrayList<>();
    for (int head = firstHead; head < endHead; head++) {
      int row = head * shape.upRows();
      heads.add(
          weights.slice(LatentNames.keyValueUp(layer), row + from, row + to, 0, shape.latent()));
    }
    WeightSlice slice =
        heads.isEmpty()
            ? weights.slice(LatentNames.keyValueUp(layer), 0, 0, 0, shape.latent())
            : Checkpoint.stack(heads);
    return weights.perHead(endHead - firstHead, to - from, shape.latent(), slice);
  }
}

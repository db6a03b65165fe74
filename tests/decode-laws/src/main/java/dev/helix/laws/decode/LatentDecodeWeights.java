package dev.helix.laws.decode;

import dev.helix.attention.LatentShape;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention.Compression;
import dev.helix.attention.baseline.UnshardedLatentAttention.Weights;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.HelixLatentAttention;
import dev.helix.attention.helix.LatentSettings;
import dev.helix.attention.helix.LatentSharding;
import dev.helix.attention.helix.LatentWeights;
import dev.helix.attention.helix.LatentWeights.QueryCompression;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Tensor;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The weights of latent attention. All ranks have the projections to queries and latents and the
 * key up-projections of all heads. Each rank has the value up-projections and output columns of the
 * heads that it owns.
 */
final class LatentDecodeWeights extends DecodeWeights {
  private static final double EPSILON = 1e-6;

  private final LatentShape shape;
  private final LatentSharding sharding;
  private final int queryWidth;
  private final int queryRows;
  private final double[] down;
  private final double[] downNorm;
  private final double[] query;
  private final double[] entry;
  private final double[] latentNorm;
  private final double[] up;
  private final double[] output;

  LatentDecodeWeights(DecodeCase given, LatentShape shape) {
    super(given);
    this.shape = shape;
    this.sharding = new LatentSharding(shape, given.layout());
    SplittableRandom random = new SplittableRandom(given.seed());
    queryWidth = shape.queryLatent().orElse(shape.hidden());
    queryRows = shape.heads() * shape.queryDim();
    down = matrix(random, queryWidth, shape.hidden(), 1);
    downNorm = random.doubles(queryWidth, 0.5, 1.5).toArray();
    query = matrix(random, queryRows, queryWidth, 2);
    entry = matrix(random, shape.entryDim(), shape.hidden(), 1);
    latentNorm = random.doubles(shape.latent(), 0.5, 1.5).toArray();
    up = matrix(random, shape.heads() * shape.upRows(), shape.latent(), 1);
    output = matrix(random, shape.hidden(), shape.heads() * shape.valueDim(), 1);
  }

  @Override
  <T extends Tensor> SelfAttention<T> attention(Seat<T> seat) {
    Dim hidden = new Dim(Axis.HIDDEN, shape.hidden());
    Dim latent = new Dim(Axis.LATENT, shape.latent());
    Dim compressed = new Dim(Axis.QUERY_LATENT, queryWidth);
    Dim queries = new Dim(Axis.HEADS_BY_DIM, queryRows);
    Dim entries = new Dim(Axis.LATENT_ENTRY, shape.entryDim());
    Optional<QueryCompression<T>> compression =
        shape.queryLatent().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new QueryCompression<>(
                    seat.constant("query down", down, compressed, hidden),
                    seat.constant("query norm", downNorm, compressed)));
    int own = sharding.firstOwnedHead(seat.rank());
    int owned = sharding.ownedHeads();
    int value = shape.valueDim();
    Dim columns = new Dim(Axis.HEADS_BY_DIM, owned * value);
    double[] ownColumns = columns(output, shape.hidden(), own * value, owned * value);
    LatentWeights<T> weights =
        new LatentWeights<>(
            compression,
            seat.constant("query", query, queries, compression.isEmpty() ? hidden : compressed),
            seat.constant("entry", entry, entries, hidden),
            seat.constant("latent norm", latentNorm, latent),
            seat.constant(
                "key up",
                up(0, shape.heads(), 0, shape.nopeDim()),
                new Dim(Axis.HEADS, shape.heads()),
                new Dim(Axis.HEAD_DIM, shape.nopeDim()),
                latent),
            seat.constant(
                "value up",
                up(own, owned, shape.nopeDim(), value),
                new Dim(Axis.HEADS, owned),
                new Dim(Axis.HEAD_DIM, value),
                latent),
            seat.constant("output", ownColumns, hidden, columns));
    int kvpIndex = seat.place().kvpIndex();
    return new HelixLatentAttention<>(
        seat.attentionOperations(),
        seat.latent(),
        new LatentSettings(sharding, DecodeCase.ROPE, EPSILON, given.hopB()),
        weights,
        new KvShard<>(seat.attention(), kvpIndex, PageForm.entries(shape.entryDim(), DType.F64)));
  }

  /** Cuts some rows out of the up-projections of some heads. */
  private double[] up(int firstHead, int heads, int firstRow, int rows) {
    int run = rows * shape.latent();
    double[] part = new double[heads * run];
    for (int head = 0; head < heads; head++) {
      int from = ((firstHead + head) * shape.upRows() + firstRow) * shape.latent();
      System.arraycopy(up, from, part, head * run, run);
    }
    return part;
  }

  @Override
  BaselineAttention unsharded() {
    Optional<Compression> compression =
        shape.queryLatent().isEmpty()
            ? Optional.empty()
            : Optional.of(new Compression(down, downNorm));
    return new UnshardedLatentAttention(
        shape,
        DecodeCase.ROPE,
        EPSILON,
        new Weights(compression, query, entry, latentNorm, up, output));
  }
}

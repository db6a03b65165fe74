package dev.helix.attention.helix;

import dev.helix.attention.LatentShape;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.LatentWeights.QueryCompression;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Latent attention (MLA) with a compressed query. */
final class HelixLatentAttentionTest implements DecodeContract {
  private static final LatentShape SHAPE =
      new LatentShape(
          DecodeProblem.HIDDEN, 4, OptionalInt.of(5), 6, 3, 2, 5, RotaryPairing.INTERLEAVED);

  @Override
  public DecodeProblem problem() {
    return new Latent();
  }

  @Override
  public List<Layout> layouts() {
    return List.of(Layout.dense(1, 1), Layout.dense(2, 1), Layout.dense(4, 1));
  }

  private static final class Latent extends DecodeProblem {
    private static final double EPSILON = 1e-5;

    private final double[] down;
    private final double[] downNorm;
    private final double[] query;
    private final double[] entry;
    private final double[] latentNorm;
    private final double[] up;
    private final double[] output;

    Latent() {
      SplittableRandom random = new SplittableRandom(4);
      down = matrix(random, 5, HIDDEN);
      downNorm = random.doubles(5, 0.5, 1.5).toArray();
      query = matrix(random, 4 * SHAPE.queryDim(), 5);
      entry = matrix(random, SHAPE.entryDim(), HIDDEN);
      latentNorm = random.doubles(SHAPE.latent(), 0.5, 1.5).toArray();
      up = matrix(random, 4 * SHAPE.upRows(), SHAPE.latent());
      output = matrix(random, HIDDEN, 4 * SHAPE.valueDim());
    }

    @Override
    <T extends Tensor> SelfAttention<T> attention(
        RankReading<T> reading, Layout layout, boolean hopB) {
      int rank = reading.kernels().rank();
      LatentSharding sharding = new LatentSharding(SHAPE, layout);
      Dim hidden = new Dim(Axis.HIDDEN, HIDDEN);
      Dim latent = new Dim(Axis.LATENT, SHAPE.latent());
      Dim compressed = new Dim(Axis.QUERY_LATENT, 5);
      int first = sharding.firstOwnedHead(rank);
      int owned = sharding.ownedHeads();
      int own = owned * SHAPE.valueDim();
      return new HelixLatentAttention<>(
          reading.operations(),
          reading.latent(),
          new LatentSettings(sharding, ROPE, EPSILON, hopB),
          new LatentWeights<>(
              Optional.of(
                  new QueryCompression<>(
                      reading.constant(down, compressed, hidden),
                      reading.constant(downNorm, compressed))),
              reading.constant(query, new Dim(Axis.HEADS_BY_DIM, 4 * SHAPE.queryDim()), compressed),
              reading.constant(entry, new Dim(Axis.LATENT_ENTRY, SHAPE.entryDim()), hidden),
              reading.constant(latentNorm, latent),
              reading.constant(
                  up(0, 4, 0, SHAPE.nopeDim()),
                  new Dim(Axis.HEADS, 4),
                  new Dim(Axis.HEAD_DIM, SHAPE.nopeDim()),
                  latent),
              reading.constant(
                  up(first, owned, SHAPE.nopeDim(), SHAPE.valueDim()),
                  new Dim(Axis.HEADS, owned),
                  new Dim(Axis.HEAD_DIM, SHAPE.valueDim()),
                  latent),
              reading.constant(
                  columns(output, HIDDEN, first * SHAPE.valueDim(), own),
                  hidden,
                  new Dim(Axis.HEADS_BY_DIM, own))),
          new KvShard<>(
              reading.attention(),
              layout.kvpIndex(rank),
              PageForm.entries(SHAPE.entryDim(), DType.F64)));
    }

    /** Rows of the up-projections of some heads. */
    private double[] up(int firstHead, int heads, int firstRow, int rows) {
      int run = rows * SHAPE.latent();
      double[] part = new double[heads * run];
      for (int head = 0; head < heads; head++) {
        int from = ((firstHead + head) * SHAPE.upRows() + firstRow) * SHAPE.latent();
        System.arraycopy(up, from, part, head * run, run);
      }
      return part;
    }

    @Override
    BaselineAttention unsharded() {
      return new UnshardedLatentAttention(
          SHAPE,
          ROPE,
          EPSILON,
          new UnshardedLatentAttention.Weights(
              Optional.of(new UnshardedLatentAttention.Compression(down, downNorm)),
              query,
              entry,
              latentNorm,
              up,
              output));
    }
  }
}

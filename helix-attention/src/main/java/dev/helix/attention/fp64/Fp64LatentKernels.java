package dev.helix.attention.fp64;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Blas;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/** The kernels of latent attention of the {@code fp64} reading, in double precision on ND4J. */
public final class Fp64LatentKernels implements LatentKernels<Fp64Tensor> {
  private final Fp64Rank rank;

  public Fp64LatentKernels(Fp64Rank rank) {
    this.rank = rank;
  }

  @Override
  public Fp64Tensor absorbQueries(Fp64Tensor queries, Fp64Tensor keyUp) {
    rank.launch("absorbQueries", queries, keyUp);
    Spec result = ProjectedLatent.absorbed(rank, queries.spec(), keyUp.spec());
    int rows = queries.spec().size(Axis.BATCH);
    int width = queries.spec().size(Axis.HEADS_BY_DIM);
    int heads = keyUp.spec().size(Axis.HEADS);
    int nope = keyUp.spec().size(Axis.HEAD_DIM);
    int latent = keyUp.spec().size(Axis.LATENT);
    Fp64Tensor absorbed = rank.allocate(result);
    clear(absorbed.region());
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        long query = (long) row * width + (long) head * (width / heads);
        long weight = (long) head * nope * latent;
        long target = ((long) row * heads + head) * latent;
        Blas.addTimes(
            1,
            latent,
            nope,
            queries.region(),
            query,
            keyUp.region(),
            weight,
            absorbed.region(),
            target);
      }
    }
    return absorbed;
  }

  @Override
  public RotatedLatent<Fp64Tensor> rotaryLatent(
      ProjectedLatent<Fp64Tensor> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    Fp64Tensor queries = projected.queries();
    Fp64Tensor entries = projected.entries();
    rank.launch("rotaryLatent", queries, projected.absorbed(), entries, projected.norm());
    projected.requireFit(rank, shape, rotary, step.size());
    int rows = step.size();
    int heads = shape.heads();
    int latent = shape.latent();
    int width = shape.entryDim();
    Fp64Tensor turned = rank.allocate(projected.rotatedQueries(shape));
    Fp64Tensor kept = rank.allocate(projected.rotatedEntries(shape));
    Region norm = projected.norm().region();
    Region absorbed = projected.absorbed().region();
    for (int row = 0; row < rows; row++) {
      Turn turn = new Turn(rotary, shape.pairing(), step.get(row).position());
      long entry = (long) row * width;
      normalise(entries.region(), entry, norm, latent, projected.epsilon(), kept.region());
      turn.apply(entries.region(), entry + latent, kept.region(), entry + latent);
      for (int head = 0; head < heads; head++) {
        long rowHead = (long) row * heads + head;
        copy(absorbed, rowHead * latent, turned.region(), rowHead * width, latent);
        turn.apply(
            queries.region(),
            rowHead * shape.queryDim() + shape.nopeDim(),
            turned.region(),
            rowHead * width + latent);
      }
    }
    return new RotatedLatent<>(turned, kept);
  }

  @Override
  public void appendEntries(Fp64Tensor entries, List<CacheSlot<Fp64Tensor>> slots) {
    rank.launch("appendEntries", entries);
    entries.spec().require("appendEntries", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<Fp64Tensor> slot : slots) {
      Fp64AttentionKernels.write(rank, "appendEntries", TokenStore.Part.ENTRY, entries, slot);
    }
  }

  @Override
  public PartialAttention<Fp64Tensor> flashDecodeLatent(
      Piece piece,
      Fp64Tensor queries,
      List<KvView<Fp64Tensor>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecodeLatent", queries);
    queries.spec().require("flashDecodeLatent", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecodeLatent", "views", queries.spec().size(Axis.BATCH), views.size());
    int dim = queries.spec().size(Axis.HEAD_DIM);
    if (valueDim < 1 || valueDim > dim) {
      throw new IllegalArgumentException(
          "flashDecodeLatent: %d components of an entry of %d as its value"
              .formatted(valueDim, dim));
    }
    return new FlashDecode(rank, "flashDecodeLatent", queries, rule, valueDim).over(views);
  }

  @Override
  public Fp64Tensor expandValues(Fp64Tensor latents, Fp64Tensor valueUp) {
    rank.launch("expandValues", latents, valueUp);
    latents.spec().require("expandValues", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    valueUp.spec().require("expandValues weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int heads = latents.spec().size(Axis.HEADS);
    int latent = latents.spec().size(Axis.HEAD_DIM);
    int value = valueUp.spec().size(Axis.HEAD_DIM);
    rank.requireEqual("expandValues", "heads", heads, valueUp.spec().size(Axis.HEADS));
    rank.requireEqual("expandValues", "latent", latent, valueUp.spec().size(Axis.LATENT));
    Fp64Tensor values = rank.allocate(latents.spec().resized(Axis.HEAD_DIM, value));
    for (int rowHead = 0; rowHead < latents.spec().size(Axis.BATCH) * heads; rowHead++) {
      Blas.timesTransposed(
          1,
          value,
          latent,
          latents.region(),
          (long) rowHead * latent,
          valueUp.region(),
          (long) (rowHead % heads) * value * latent,
          values.region(),
          (long) rowHead * value);
    }
    return values;
  }

  /** Writes y = x / √(mean(x²) + ε) · w for the {@code count} elements from {@code at} on. */
  private static void normalise(
      Region x, long at, Region weight, int count, double epsilon, Region y) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += x.get(at + i) * x.get(at + i);
    }
    double rms = Math.sqrt(squares / count + epsilon);
    for (int i = 0; i < count; i++) {
      y.set(at + i, x.get(at + i) / rms * weight.get(i));
    }
  }

  private static void copy(Region from, long source, Region to, long target, int count) {
    for (int i = 0; i < count; i++) {
      to.set(target + i, from.get(source + i));
    }
  }

  private static void clear(Region region) {
    for (long i = 0; i < region.length(); i++) {
      region.set(i, 0.0);
    }
  }

  /**
   * Rotates the pairs of a rotary part by the angles of one position: (a, b) → (a·cos − b·sin,
   * b·cos + a·sin).
   */
  private static final class Turn {
    private final RotaryPairing pairing;
    private final double[] cosines;
    private final double[] sines;

    Turn(RotaryEmbedding rotary, RotaryPairing pairing, int position) {
      this.pairing = pairing;
      this.cosines = rotary.cosines(position);
      this.sines = rotary.sines(position);
    }

    void apply(Region from, long source, Region to, long target) {
      int pairs = cosines.length;
      for (int i = 0; i < pairs; i++) {
        int first = pairing.first(i);
        int second = pairing.second(i, pairs);
        double a = from.get(source + first);
        double b = from.get(source + second);
        to.set(target + first, a * cosines[i] - b * sines[i]);
        to.set(target + second, b * cosines[i] + a * sines[i]);
      }
    }
  }
}

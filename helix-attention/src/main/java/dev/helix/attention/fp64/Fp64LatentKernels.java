package dev.helix.attention.fp64;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
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
    queries.spec().require("absorbQueries", Axis.BATCH, Axis.HEADS_BY_DIM);
    keyUp.spec().require("absorbQueries weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int rows = queries.spec().size(Axis.BATCH);
    int width = queries.spec().size(Axis.HEADS_BY_DIM);
    int heads = keyUp.spec().size(Axis.HEADS);
    int nope = keyUp.spec().size(Axis.HEAD_DIM);
    int latent = keyUp.spec().size(Axis.LATENT);
    rank.requireEqual(
        "absorbQueries", "remainder of the queries divided by the heads", 0, width % heads);
    Fp64Tensor absorbed = rank.allocate(perHead(queries.spec(), heads, Axis.LATENT, latent));
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
      Fp64Tensor queries,
      Fp64Tensor absorbed,
      Fp64Tensor entries,
      Fp64Tensor latentNorm,
      LatentShape shape,
      double epsilon,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    rank.launch("rotaryLatent", queries, absorbed, entries, latentNorm);
    queries.spec().require("rotaryLatent queries", Axis.BATCH, Axis.HEADS_BY_DIM);
    absorbed.spec().require("rotaryLatent absorbed", Axis.BATCH, Axis.HEADS, Axis.LATENT);
    entries.spec().require("rotaryLatent entries", Axis.BATCH, Axis.LATENT_ENTRY);
    latentNorm.spec().require("rotaryLatent norm", Axis.LATENT);
    int rows = step.size();
    int heads = shape.heads();
    int latent = shape.latent();
    int width = shape.entryDim();
    rank.requireEqual("rotaryLatent", "rows of the queries", rows, queries.spec().size(Axis.BATCH));
    rank.requireEqual("rotaryLatent", "rows of the entries", rows, entries.spec().size(Axis.BATCH));
    rank.requireEqual(
        "rotaryLatent", "queries", heads * shape.queryDim(), queries.spec().stride(1));
    rank.requireEqual("rotaryLatent", "absorbed", heads * latent, absorbed.spec().stride(1));
    rank.requireEqual("rotaryLatent", "entries", width, entries.spec().stride(1));
    rank.requireEqual("rotaryLatent", "norm", latent, latentNorm.spec().stride(0));
    rank.requireEqual("rotaryLatent", "rotary pairs", shape.ropeDim() / 2, rotary.pairs());
    Fp64Tensor turned = rank.allocate(perHead(queries.spec(), heads, Axis.HEAD_DIM, width));
    Fp64Tensor kept =
        rank.allocate(
            Spec.of(
                entries.spec().dtype(),
                new Dim(Axis.BATCH, rows),
                new Dim(Axis.KV_HEADS, 1),
                new Dim(Axis.HEAD_DIM, width)));
    for (int row = 0; row < rows; row++) {
      Turn turn = new Turn(rotary, shape.pairing(), step.get(row).position());
      long entry = (long) row * width;
      normalise(entries.region(), entry, latentNorm.region(), latent, epsilon, kept.region());
      turn.apply(entries.region(), entry + latent, kept.region(), entry + latent);
      for (int head = 0; head < heads; head++) {
        long rowHead = (long) row * heads + head;
        copy(absorbed.region(), rowHead * latent, turned.region(), rowHead * width, latent);
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

  private static Spec perHead(Spec batched, int heads, Axis axis, int width) {
    return Spec.of(
        batched.dtype(), batched.dims().get(0), new Dim(Axis.HEADS, heads), new Dim(axis, width));
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

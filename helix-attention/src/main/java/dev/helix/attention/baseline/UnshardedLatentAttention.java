package dev.helix.attention.baseline;

import static dev.helix.attention.baseline.UnshardedAttention.product;
import static dev.helix.attention.baseline.UnshardedAttention.requireMatrix;
import static dev.helix.attention.baseline.UnshardedAttention.softmax;

import dev.helix.attention.LatentShape;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryPairing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Latent attention of one layer for one request by its textbook formula (DeepSeek-V2, arXiv
 * 2405.04434, eqs. 37 to 47), decoding one token at a time. It expands every head's keys and values
 * and absorbs nothing. The sharded program, which absorbs, must reproduce it.
 *
 * <pre>
 * q = Wq·x, or Wqb·norm(Wqa·x)            for each head (qn, qr), qr ← rotate(qr)
 * (c, kr) = Wkv·x                         c ← norm(c)    kr ← rotate(kr)
 * (kn, v) = Wup·c                         for each head; k = (kn, kr)
 * o_h = softmax(q_h·Kᵀ · scale) · V       scale = 1/√(nope + rope), with YaRN times m²
 * out = Wo·(o_0, …, o_Q−1)
 * </pre>
 *
 * <p>Do not use it for speed. Not thread-safe.
 */
public final class UnshardedLatentAttention implements BaselineAttention {
  private final LatentShape shape;
  private final RopeParameters rope;
  private final RotaryFormula rotary;
  private final double epsilon;
  private final Weights weights;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();
  private final List<Optional<CachedToken>> given = new ArrayList<>();

  /**
   * Creates the attention with an empty cache.
   *
   * @param epsilon ε of the norms
   */
  public UnshardedLatentAttention(
      LatentShape shape, RopeParameters rope, double epsilon, Weights weights) {
    this.shape = shape;
    this.rope = rope;
    this.rotary = new RotaryFormula(rope, shape.ropeDim());
    this.epsilon = epsilon;
    this.weights = weights.checked(shape);
  }

  @Override
  public double[] step(double[] x, Optional<CachedToken> stored) {
    if (x.length != shape.hidden()) {
      throw new IllegalArgumentException(
          "attention input has %d elements, expected hidden = %d"
              .formatted(x.length, shape.hidden()));
    }
    int position = keys.size();
    double[] q = product(weights.query, queryInput(x));
    given.add(stored);
    double[] entry = stored.map(CachedToken::keys).orElseGet(() -> product(weights.entry, x));
    double[] latent = Arrays.copyOf(entry, shape.latent());
    double[] c = stored.isPresent() ? latent : normed(latent, weights.latentNorm);
    double[] kr =
        stored.isPresent()
            ? halves(entry, shape.latent())
            : rotated(entry, shape.latent(), position);
    double[] up = product(weights.up, c);

    double[] key = new double[shape.heads() * shape.queryDim()];
    double[] value = new double[shape.heads() * shape.valueDim()];
    for (int head = 0; head < shape.heads(); head++) {
      int from = head * shape.upRows();
      int keyAt = head * shape.queryDim();
      System.arraycopy(up, from, key, keyAt, shape.nopeDim());
      System.arraycopy(kr, 0, key, keyAt + shape.nopeDim(), shape.ropeDim());
      System.arraycopy(
          up, from + shape.nopeDim(), value, head * shape.valueDim(), shape.valueDim());
      int qr = keyAt + shape.nopeDim();
      System.arraycopy(rotated(q, qr, position), 0, q, qr, shape.ropeDim());
    }
    keys.add(key);
    values.add(value);

    double[] heads = new double[shape.heads() * shape.valueDim()];
    for (int head = 0; head < shape.heads(); head++) {
      double[] p = softmax(scores(q, head));
      for (int j = 0; j < p.length; j++) {
        for (int i = head * shape.valueDim(); i < (head + 1) * shape.valueDim(); i++) {
          heads[i] += p[j] * values.get(j)[i];
        }
      }
    }
    return product(weights.output, heads);
  }

  @Override
  public int tokens() {
    return keys.size();
  }

  private double[] scores(double[] q, int head) {
    double[] scores = new double[keys.size()];
    for (int j = 0; j < scores.length; j++) {
      double dot = 0;
      for (int i = head * shape.queryDim(); i < (head + 1) * shape.queryDim(); i++) {
        dot += q[i] * keys.get(j)[i];
      }
      scores[j] = dot * scale();
    }
    return scores;
  }

  /** The factor on scores, which DeepSeek's code calls {@code softmax_scale}. */
  public double scale() {
    double scale = 1 / Math.sqrt(shape.nopeDim() + shape.ropeDim());
    if (rope.yarn().isPresent()) {
      double m = RotaryFormula.yarnMagnitude(rope.yarn().get(), rope.yarn().get().mscaleAllDim());
      scale = scale * m * m;
    }
    return scale;
  }

  /** The input of the query projection: the hidden state, or the normalised compressed query. */
  public double[] queryInput(double[] x) {
    return weights
        .compression
        .map(compression -> normed(product(compression.down, x), compression.norm))
        .orElse(x);
  }

  /** The normalised vector x / √(mean(x²) + ε) · w. */
  public double[] normed(double[] x, double[] weight) {
    double squares = 0;
    for (double element : x) {
      squares += element * element;
    }
    double root = Math.sqrt(squares / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] / root * weight[i];
    }
    return y;
  }

  /** The rotary part that begins at {@code from}, rearranged to halves and rotated. */
  public double[] rotated(double[] vector, int from, int position) {
    return rotary.rotated(halves(vector, from), position);
  }

  /**
   * The rotary part that begins at {@code from}, with the first components of all pairs before the
   * second.
   */
  public double[] halves(double[] vector, int from) {
    int half = shape.ropeDim() / 2;
    boolean interleaved = shape.pairing() == RotaryPairing.INTERLEAVED;
    double[] halves = new double[shape.ropeDim()];
    for (int i = 0; i < half; i++) {
      halves[i] = vector[from + (interleaved ? 2 * i : i)];
      halves[half + i] = vector[from + (interleaved ? 2 * i + 1 : half + i)];
    }
    return halves;
  }

  /** Puts a latent and a rotary part, whose halves are in order, together as a cache has them. */
  public double[] entry(double[] latent, double[] rope) {
    boolean interleaved = shape.pairing() == RotaryPairing.INTERLEAVED;
    int half = shape.ropeDim() / 2;
    double[] entry = Arrays.copyOf(latent, shape.entryDim());
    for (int i = 0; i < half; i++) {
      entry[shape.latent() + (interleaved ? 2 * i : i)] = rope[i];
      entry[shape.latent() + (interleaved ? 2 * i + 1 : half + i)] = rope[half + i];
    }
    return entry;
  }

  /**
   * The weights of a layer. They are kept and not copied, so that requests can share them; nobody
   * may change them any more. All are row-major, {@code [out, in]}, as Hugging Face stores a linear
   * layer.
   */
  public static final class Weights {
    private final Optional<Compression> compression;
    private final double[] query;
    private final double[] entry;
    private final double[] latentNorm;
    private final double[] up;
    private final double[] output;

    /**
     * Keeps the weights of a layer.
     *
     * @param compression the compression of the query, if there is one
     * @param query {@code [Q·(nope + rope), q_lora]}, or {@code [Q·(nope + rope), H]}
     * @param entry {@code [kv_lora + rope, H]}
     * @param latentNorm {@code [kv_lora]}
     * @param up {@code [Q·(nope + v), kv_lora]}
     * @param output {@code [H, Q·v]}
     */
    public Weights(
        Optional<Compression> compression,
        double[] query,
        double[] entry,
        double[] latentNorm,
        double[] up,
        double[] output) {
      this.compression = compression;
      this.query = query;
      this.entry = entry;
      this.latentNorm = latentNorm;
      this.up = up;
      this.output = output;
    }

    /** The weights of the query's compression, if there is one. */
    public Optional<Compression> compression() {
      return compression;
    }

    /** The query projection, {@code [Q·(nope + rope), q_lora]}, or {@code [Q·(nope + rope), H]}. */
    public double[] query() {
      return query;
    }

    /** The projection to cache entries, {@code [kv_lora + rope, H]}. */
    public double[] entry() {
      return entry;
    }

    /** The weight of the latent's norm, {@code [kv_lora]}. */
    public double[] latentNorm() {
      return latentNorm;
    }

    /** The up-projection of keys and values, {@code [Q·(nope + v), kv_lora]}. */
    public double[] up() {
      return up;
    }

    /** The output projection, {@code [H, Q·v]}. */
    public double[] output() {
      return output;
    }

    private Weights checked(LatentShape shape) {
      int queries = shape.heads() * shape.queryDim();
      if (compression.isPresent() != shape.queryLatent().isPresent()) {
        throw new IllegalArgumentException("query compression is there or needed, but not both");
      }
      compression.ifPresent(
          c -> {
            int rank = shape.queryLatent().getAsInt();
            requireMatrix("query compression", c.down, rank, shape.hidden());
            requireMatrix("query norm", c.norm, 1, rank);
          });
      int queryInput = shape.queryLatent().orElse(shape.hidden());
      requireMatrix("query projection", query, queries, queryInput);
      requireMatrix("latent projection", entry, shape.entryDim(), shape.hidden());
      requireMatrix("latent norm", latentNorm, 1, shape.latent());
      requireMatrix("up-projection", up, shape.heads() * shape.upRows(), shape.latent());
      requireMatrix("output projection", output, shape.hidden(), shape.heads() * shape.valueDim());
      return this;
    }
  }

  /**
   * The weights that compress the query: {@code [q_lora, H]}, and {@code [q_lora]} for its norm.
   */
  public static final class Compression {
    private final double[] down;
    private final double[] norm;

    public Compression(double[] down, double[] norm) {
      this.down = down;
      this.norm = norm;
    }

    /** The down-projection, {@code [q_lora, H]}. */
    public double[] down() {
      return down;
    }

    /** The weight of the norm, {@code [q_lora]}. */
    public double[] norm() {
      return norm;
    }
  }

  // The error bound reads the following.

  public LatentShape shape() {
    return shape;
  }

  public RopeParameters rope() {
    return rope;
  }

  public RotaryFormula rotary() {
    return rotary;
  }

  public double epsilon() {
    return epsilon;
  }

  public Weights weights() {
    return weights;
  }

  /** The value of token j, {@code [Q·v]}. */
  public double[] value(int j) {
    return values.get(j);
  }

  /** The entry of token j, if it was given and not computed here. */
  public Optional<CachedToken> given(int j) {
    return given.get(j);
  }
}

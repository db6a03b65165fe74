package dev.helix.attention.baseline;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RopeParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Grouped-query attention of one layer for one request with a cache of its own, decoding one token
 * at a time: the definition that the sharded program must reproduce.
 *
 * <pre>
 * q = rotate(Wq·x)    K ← K, rotate(Wk·x)    V ← V, Wv·x
 * o_h = softmax(q_h·Kᵀ / √Hsz) · V           for each query head h, with KV head h / (Q/K);
 *                                            a {@link ScoreRule} may change scores
 * out = Wo·(o_0, …, o_Q−1)
 * </pre>
 *
 * <p>Attention is causal by construction, as the cache holds the positions up to the present one
 * and no others. A sink takes part in the softmax as a token does, but it adds nothing to the sum
 * of values.
 *
 * <p>Do not use it for speed. Not thread-safe.
 */
public final class UnshardedAttention implements BaselineAttention {
  private final AttentionShape shape;
  private final RopeParameters ropeParameters;
  private final RotaryFormula rotary;
  private final ScoreFormula formula;
  private final double[] wq;
  private final double[] wk;
  private final double[] wv;
  private final double[] wo;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();
  private final List<Boolean> given = new ArrayList<>();

  /**
   * Creates the attention with an empty cache. The weights are kept and not copied, so that
   * requests can share them; nobody may change them any more. All are row-major, {@code [out, in]},
   * as Hugging Face stores a linear layer.
   *
   * @param wq {@code [Q·Hsz, H]}
   * @param wk {@code [K·Hsz, H]}
   * @param wv {@code [K·Hsz, H]}
   * @param wo {@code [H, Q·Hsz]}
   * @throws IllegalArgumentException if a weight has another number of elements
   */
  public UnshardedAttention(
      AttentionShape shape,
      RopeParameters rope,
      double[] wq,
      double[] wk,
      double[] wv,
      double[] wo) {
    this(shape, rope, ScoreFormula.textbook(shape.headDim()), wq, wk, wv, wo);
  }

  /** Creates the attention with an empty cache and other scores than q·k/√Hsz. */
  public UnshardedAttention(
      AttentionShape shape,
      RopeParameters rope,
      ScoreRule rule,
      double[] wq,
      double[] wk,
      double[] wv,
      double[] wo) {
    this(
        shape,
        rope,
        ScoreFormula.of(rule.requireHeads("attention", shape.queryHeads())),
        wq,
        wk,
        wv,
        wo);
  }

  private UnshardedAttention(
      AttentionShape shape,
      RopeParameters rope,
      ScoreFormula formula,
      double[] wq,
      double[] wk,
      double[] wv,
      double[] wo) {
    this.formula = formula;
    int queryWidth = shape.queryHeads() * shape.headDim();
    int kvWidth = shape.kvHeads() * shape.headDim();
    this.shape = shape;
    this.ropeParameters = rope;
    this.rotary = new RotaryFormula(rope, shape.headDim());
    this.wq = requireMatrix("query projection", wq, queryWidth, shape.hidden());
    this.wk = requireMatrix("key projection", wk, kvWidth, shape.hidden());
    this.wv = requireMatrix("value projection", wv, kvWidth, shape.hidden());
    this.wo = requireMatrix("output projection", wo, shape.hidden(), queryWidth);
  }

  @Override
  public double[] step(double[] x, Optional<CachedToken> stored) {
    if (x.length != shape.hidden()) {
      throw new IllegalArgumentException(
          "attention input has %d elements, expected hidden = %d"
              .formatted(x.length, shape.hidden()));
    }
    int position = keys.size();
    double[] q = rotary.rotated(product(wq, x), position);
    keys.add(stored.map(CachedToken::keys).orElse(rotary.rotated(product(wk, x), position)));
    values.add(stored.map(CachedToken::values).orElse(product(wv, x)));
    given.add(stored.isPresent());

    double[] heads = new double[shape.queryHeads() * shape.headDim()];
    for (int head = 0; head < shape.queryHeads(); head++) {
      int first = formula.firstVisible(keys.size());
      double[] p = softmax(scores(q, head, first));
      int kvOffset = kvOffset(head);
      for (int j = first; j < keys.size(); j++) {
        for (int c = 0; c < shape.headDim(); c++) {
          heads[head * shape.headDim() + c] += p[j - first] * values.get(j)[kvOffset + c];
        }
      }
    }
    return product(wo, heads);
  }

  @Override
  public int tokens() {
    return keys.size();
  }

  /** The scores of one query head, {@code [visible tokens]}, followed by its sink if it has one. */
  private double[] scores(double[] q, int head, int first) {
    int tokens = keys.size();
    double[] sink = formula.sink(head).stream().toArray();
    double[] scores = new double[tokens - first + sink.length];
    System.arraycopy(sink, 0, scores, tokens - first, sink.length);
    int kvOffset = kvOffset(head);
    for (int j = first; j < tokens; j++) {
      double dot = 0;
      for (int c = 0; c < shape.headDim(); c++) {
        dot += q[head * shape.headDim() + c] * keys.get(j)[kvOffset + c];
      }
      scores[j - first] = formula.of(dot, head, tokens - 1 - j);
    }
    return scores;
  }

  /**
   * The softmax exp(s_j) / Σ exp(s_k). The maximum is first subtracted from all scores, against
   * overflow.
   */
  public static double[] softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double[] p = new double[scores.length];
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] = StrictMath.exp(scores[j] - max);
      sum += p[j];
    }
    for (int j = 0; j < p.length; j++) {
      p[j] /= sum;
    }
    return p;
  }

  /** Multiplies a weight W with a vector: W·x. */
  public static double[] product(double[] weight, double[] x) {
    double[] y = new double[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      double dot = 0;
      for (int column = 0; column < x.length; column++) {
        dot += weight[row * x.length + column] * x[column];
      }
      y[row] = dot;
    }
    return y;
  }

  /** The offset of the KV head of query head {@code head} in a token's key or value. */
  public int kvOffset(int head) {
    return head / shape.queriesPerKvHead() * shape.headDim();
  }

  public static double[] requireMatrix(String what, double[] weight, int rows, int columns) {
    if (weight.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "%s has %d elements, expected %d × %d".formatted(what, weight.length, rows, columns));
    }
    return weight;
  }

  // The error bound reads the following.

  public AttentionShape shape() {
    return shape;
  }

  public RopeParameters ropeParameters() {
    return ropeParameters;
  }

  public RotaryFormula rotary() {
    return rotary;
  }

  public ScoreFormula formula() {
    return formula;
  }

  public double[] queryWeight() {
    return wq;
  }

  public double[] keyWeight() {
    return wk;
  }

  public double[] valueWeight() {
    return wv;
  }

  public double[] outputWeight() {
    return wo;
  }

  /** The rotated key of token j, {@code [kvHeads·headDim]}. */
  public double[] key(int j) {
    return keys.get(j);
  }

  /** The value of token j, {@code [kvHeads·headDim]}. */
  public double[] value(int j) {
    return values.get(j);
  }

  /** Whether the key and value of token j were given and not computed here. */
  public boolean isGiven(int j) {
    return given.get(j);
  }
}

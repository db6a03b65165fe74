package dev.helix.attention.exact;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.definition.AttentionDefinition;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.exact.definition.Dyadic;
import dev.helix.tensor.mesh.RankScope;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens of one request with prescribed scores: one component of a key is its score, the same of
 * the query is 1, the scale 1. One KV head; query heads see the scores times 1, ½, ¼, …
 */
final class ExactProblem {
  /** Which kernel attends. */
  enum Kind {
    /** Keys apart from values; the score is a key's first component. */
    GROUPED_QUERY,
    /** Entries of which the first components are the value, and the last is the score. */
    LATENT
  }

  static final int DIM = 4;

  private static final ExactRank RANK = new ExactRank(RankScope.alone(0));
  private static final ExactAttentionKernels KERNELS = new ExactAttentionKernels(RANK);
  private static final ExactLatentKernels LATENT_KERNELS = new ExactLatentKernels(RANK);
  private static final ExactWire WIRE = new ExactWire(RANK);

  private final Kind kind;
  private final double[] scores;
  private final double[][] values;
  private final int heads;

  /**
   * @param scores one for each token
   * @param values {@code [tokens, DIM]}
   */
  ExactProblem(Kind kind, double[] scores, double[][] values, int heads) {
    this.kind = kind;
    this.scores = scores;
    this.values = values;
    this.heads = heads;
  }

  double[] scores() {
    return scores;
  }

  double[][] values() {
    return values;
  }

  /** What the definition says, {@code [heads, DIM]}. */
  double[] defined() {
    double[] output = new double[heads * DIM];
    for (int head = 0; head < heads; head++) {
      double[][] keys = new double[scores.length][];
      Arrays.setAll(keys, this::key);
      double[] attended = AttentionDefinition.attend(query(head), keys, values, 1.0, DIM);
      System.arraycopy(attended, 0, output, head * DIM, DIM);
    }
    return output;
  }

  /** Σ exp(s) of the first head as defined, exactly. */
  BigDecimal weights() {
    Dyadic sum = Dyadic.ZERO;
    for (double score : scores) {
      sum = sum.plus(AttentionDefinition.weight(score));
    }
    BigDecimal significand = new BigDecimal(sum.significand());
    BigDecimal power = BigDecimal.valueOf(2).pow(Math.abs(sum.exponent()), new MathContext(60));
    return sum.exponent() < 0
        ? significand.divide(power, new MathContext(60))
        : significand.multiply(power);
  }

  /** The state of the tokens given, which stand in a page with poison behind them. */
  PartialAttention<ExactTensor> partial(List<Integer> tokens) {
    int slots = tokens.size() + 3;
    int width = query(0).length;
    double[] keys = new double[slots * width];
    double[] pageValues = new double[slots * DIM];
    Arrays.fill(keys, Double.NaN);
    Arrays.fill(pageValues, Double.POSITIVE_INFINITY);
    for (int slot = 0; slot < tokens.size(); slot++) {
      System.arraycopy(key(tokens.get(slot)), 0, keys, slot * width, width);
      System.arraycopy(values[tokens.get(slot)], 0, pageValues, slot * DIM, DIM);
    }
    ExactTensor keyPage = RANK.tensor(page(slots, width), keys);
    double[] queries = new double[heads * width];
    for (int head = 0; head < heads; head++) {
      System.arraycopy(query(head), 0, queries, head * width, width);
    }
    ExactTensor query = RANK.tensor(spec(heads, width), queries);
    if (kind == Kind.LATENT) {
      KvPage<ExactTensor> page = new KvPage<>(keyPage, keyPage);
      return LATENT_KERNELS.flashDecodeLatent(
          query, List.of(new KvView<>(List.of(page), tokens.size())), ScoreRule.ofScale(1.0), DIM);
    }
    KvPage<ExactTensor> page = new KvPage<>(keyPage, RANK.tensor(page(slots, DIM), pageValues));
    return KERNELS.flashDecode(
        query, List.of(new KvView<>(List.of(page), tokens.size())), ScoreRule.ofScale(1.0));
  }

  /** The merge of several states as it happens after the all-to-all. */
  double[] merged(List<PartialAttention<ExactTensor>> parts) {
    List<ByteBuffer> outputs = new ArrayList<>();
    List<ByteBuffer> lses = new ArrayList<>();
    for (PartialAttention<ExactTensor> part : parts) {
      outputs.add(WIRE.encode(part.output(), Axis.HEADS, 0, heads));
      lses.add(WIRE.encode(part.lse(), Axis.HEADS, 0, heads));
    }
    Spec output = parts.get(0).output().spec().stacked(Axis.SHARDS, parts.size());
    Spec lse = parts.get(0).lse().spec().stacked(Axis.SHARDS, parts.size());
    return KERNELS
        .mergeByLse(
            new PartialAttention<>(
                WIRE.decode(output, Axis.SHARDS, outputs), WIRE.decode(lse, Axis.SHARDS, lses)))
        .values("test");
  }

  /** x ⊕ y as a state: both sums added. */
  PartialAttention<ExactTensor> plus(
      PartialAttention<ExactTensor> x, PartialAttention<ExactTensor> y) {
    return new PartialAttention<>(plus(x.output(), y.output()), plus(x.lse(), y.lse()));
  }

  private static ExactTensor plus(ExactTensor x, ExactTensor y) {
    List<ExactSums> sums = new ArrayList<>();
    for (int run = 0; run < x.sums("test").size(); run++) {
      ExactSums sum = new ExactSums(x.sums("test").get(run).size());
      sum.add(x.sums("test").get(run));
      sum.add(y.sums("test").get(run));
      sums.add(sum);
    }
    return RANK.unfinished(x.spec(), sums);
  }

  private double[] query(int head) {
    double[] query = new double[kind == Kind.LATENT ? DIM + 1 : DIM];
    query[kind == Kind.LATENT ? DIM : 0] = Math.scalb(1.0, -head);
    return query;
  }

  private double[] key(int token) {
    if (kind == Kind.LATENT) {
      double[] entry = Arrays.copyOf(values[token], DIM + 1);
      entry[DIM] = scores[token];
      return entry;
    }
    double[] key = new double[DIM];
    key[0] = scores[token];
    return key;
  }

  private static Spec page(int slots, int width) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.KV_HEADS, 1),
        new Dim(Axis.SLOTS, slots),
        new Dim(Axis.HEAD_DIM, width));
  }

  private static Spec spec(int heads, int width) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.BATCH, 1),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, width));
  }
}

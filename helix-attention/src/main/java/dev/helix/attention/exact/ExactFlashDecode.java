package dev.helix.attention.exact;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.PagePart;
import dev.helix.attention.cache.VisibleSlots;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.FixedOrder;
import dev.helix.tensor.exact.ProductBins;
import dev.helix.tensor.exact.ValueRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One launch of decode attention. For each row and head it computes the exact sums Σ pⱼ·vⱼ and Σ pⱼ
 * over the visible tokens of this rank, with pⱼ = f·2^k made from the score alone. No maximum is
 * needed, so no state is ever rescaled: the sums have absolute exponents.
 */
final class ExactFlashDecode {
  /**
   * How many tokens are scored at once, so that keys and values of a block stay in the processor's
   * cache.
   */
  private static final int BLOCK_TOKENS = 64;

  private final ExactRank rank;
  private final String operation;
  private final VisibleSlots visible;
  private final ExactTensor queries;
  private final double[] query;
  private final ScoreRule rule;
  private final int heads;
  private final int dim;
  private final int valueDim;

  /**
   * Prepares one launch.
   *
   * @param operation the launch, for messages
   * @param valueDim components of a token's value: the first of what the page has as values
   */
  ExactFlashDecode(
      ExactRank rank, String operation, ExactTensor queries, ScoreRule rule, int valueDim) {
    this.rank = rank;
    this.operation = operation;
    this.valueDim = valueDim;
    this.visible = new VisibleSlots(rank, operation, queries.spec(), valueDim);
    this.queries = queries;
    this.query = queries.values(operation);
    this.heads = queries.spec().size(Axis.HEADS);
    this.rule = rule.requireHeads(operation, heads);
    this.dim = queries.spec().size(Axis.HEAD_DIM);
  }

  PartialAttention<ExactTensor> over(List<KvView<ExactTensor>> views) {
    List<ExactSums> values = new ArrayList<>(views.size() * heads);
    List<ExactSums> weights = new ArrayList<>(views.size());
    for (int row = 0; row < views.size(); row++) {
      ExactSums rowWeights = new ExactSums(heads);
      List<ExactSums> rowValues = new ArrayList<>(heads);
      for (int head = 0; head < heads; head++) {
        rowValues.add(new ExactSums(valueDim));
      }
      addSinks(rowWeights);
      attend(row, views.get(row), rowValues, rowWeights);
      values.addAll(rowValues);
      weights.add(rowWeights);
    }
    Spec spec = queries.spec();
    Spec withoutDim = new Spec(spec.dtype(), spec.dims().subList(0, 2));
    return new PartialAttention<>(
        rank.unfinished(spec.resized(Axis.HEAD_DIM, valueDim), values),
        rank.unfinished(withoutDim, weights));
  }

  /** Adds the sinks, which are tokens whose value is 0. */
  private void addSinks(ExactSums weights) {
    for (int head = 0; head < heads; head++) {
      double sink = rule.sink(head);
      if (sink != Double.NEGATIVE_INFINITY) {
        int exponent = SplitExponential.exponent(operation, sink);
        weights.add(head, SplitExponential.significand(sink, exponent), exponent);
      }
    }
  }

  private void attend(
      int row, KvView<ExactTensor> view, List<ExactSums> values, ExactSums weights) {
    for (PagePart<ExactTensor> part : visible.in(view)) {
      double[] distances = distances(view, part.localSlot(), part.tokens());
      int group = heads / part.kvHeads();
      for (int kvHead = 0; kvHead < part.kvHeads(); kvHead++) {
        new PageHead(row, kvHead, part.page(), group, values, weights)
            .add(part.from(), part.tokens(), distances);
      }
    }
  }

  /**
   * How many positions before the query the tokens are that begin at a slot of the shard; empty
   * without ALiBi.
   */
  private double[] distances(KvView<ExactTensor> view, int localSlot, int tokens) {
    if (rule.alibiSlopes().isEmpty()) {
      return new double[0];
    }
    double[] distances = new double[tokens];
    Arrays.setAll(distances, j -> view.positions(operation).distance(localSlot + j));
    return distances;
  }

  /** The tokens of one page under one KV head, and the query heads that share it. */
  private final class PageHead {
    private final double[] keys;
    private final double[] values;
    private final int firstSlot;
    private final int valueStride;
    private final int queryFrom;
    private final int firstHead;
    private final ExactSums weights;
    private final ProductBins[] bins;
    private final double[] products;
    private final double[] token;

    PageHead(
        int row,
        int kvHead,
        KvPage<ExactTensor> page,
        int group,
        List<ExactSums> values,
        ExactSums weights) {
      this.keys = page.keys().values(operation);
      this.values = page.values().values(operation);
      this.firstSlot = kvHead * page.keys().spec().size(Axis.SLOTS);
      this.valueStride = page.values().spec().size(Axis.HEAD_DIM);
      this.firstHead = kvHead * group;
      this.queryFrom = (row * heads + firstHead) * dim;
      this.weights = weights;
      this.bins = new ProductBins[group];
      for (int head = 0; head < group; head++) {
        bins[head] = new ProductBins(values.get(firstHead + head));
      }
      this.products = new double[group * BLOCK_TOKENS];
      this.token = new double[valueDim];
    }

    void add(int from, int tokens, double[] distances) {
      for (int first = 0; first < tokens; first += BLOCK_TOKENS) {
        addBlock(from + first, Math.min(BLOCK_TOKENS, tokens - first), distances, first);
      }
      for (ProductBins headBins : bins) {
        headBins.flush();
      }
    }

    private void addBlock(int first, int count, double[] distances, int firstDistance) {
      int from = (firstSlot + first) * dim;
      for (int head = 0; head < bins.length; head++) {
        FixedOrder.dots(
            query, queryFrom + head * dim, dim, keys, from, count, products, head * BLOCK_TOKENS);
      }
      for (int j = 0; j < count; j++) {
        System.arraycopy(values, (firstSlot + first + j) * valueStride, token, 0, valueDim);
        ValueRange range = ValueRange.of(operation + ": a value", token, 0, valueDim);
        for (int head = 0; head < bins.length; head++) {
          double score = capped(rule.scale() * products[head * BLOCK_TOKENS + j]);
          if (distances.length > 0) {
            score -= rule.alibiSlopes().get(firstHead + head) * distances[firstDistance + j];
          }
          int exponent = SplitExponential.exponent(operation, score);
          double significand = SplitExponential.significand(score, exponent);
          weights.add(firstHead + head, significand, exponent);
          bins[head].add(significand, exponent, token, range);
        }
      }
    }
  }

  private double capped(double score) {
    if (rule.softCap().isEmpty()) {
      return score;
    }
    double cap = rule.softCap().getAsDouble();
    return cap * StrictMath.tanh(score / cap);
  }
}

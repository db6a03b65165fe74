package dev.helix.attention.exact;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvPage;
import dev.helix.attention.cache.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.FixedOrder;
import dev.helix.tensor.exact.ProductBins;
import dev.helix.tensor.exact.ValueRange;
import java.util.ArrayList;
import java.util.List;

/**
 * One launch of decode attention: for each row and head the exact sums Σ pⱼ·vⱼ and Σ pⱼ over the
 * visible tokens of this rank, with pⱼ = f·2^k from the score alone. No maximum is needed, so no
 * state is ever rescaled: the sums stand at absolute exponents.
 */
final class ExactFlashDecode {
  /** Tokens whose scores are kept at once: keys and values of a block stay in the cache. */
  private static final int BLOCK_TOKENS = 64;

  private final ExactRank rank;
  private final String operation;
  private final ExactTensor queries;
  private final double[] query;
  private final double scale;
  private final int heads;
  private final int dim;
  private final int valueDim;

  /**
   * @param operation the launch, for messages
   * @param valueDim components of a token's value: the first of what the page has as values
   */
  ExactFlashDecode(
      ExactRank rank, String operation, ExactTensor queries, ScoreRule rule, int valueDim) {
    this.rank = rank;
    this.operation = operation;
    this.valueDim = valueDim;
    this.queries = queries;
    this.query = queries.values(operation);
    this.scale = rule.scale();
    this.heads = queries.spec().size(Axis.HEADS);
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

  private void attend(
      int row, KvView<ExactTensor> view, List<ExactSums> values, ExactSums weights) {
    int remaining = view.length();
    for (KvPage<ExactTensor> page : view.pages()) {
      if (remaining == 0) {
        break;
      }
      rank.requireOwn(operation, page.keys(), page.values());
      Spec spec = page.keys().spec();
      int kvHeads = spec.size(Axis.KV_HEADS);
      if (heads % kvHeads != 0 || spec.size(Axis.HEAD_DIM) != dim) {
        throw rank.error(
            operation, "queries %s do not fit a cache page of %s".formatted(queries.spec(), spec));
      }
      int tokens = Math.min(remaining, spec.size(Axis.SLOTS));
      for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
        new PageHead(row, kvHead, page, heads / kvHeads, values, weights).add(tokens);
      }
      remaining -= tokens;
    }
    if (remaining > 0) {
      throw rank.error(
          operation,
          "a view of %d tokens has pages for %d"
              .formatted(view.length(), view.length() - remaining));
    }
  }

  /** The tokens of one page under one KV head, and the query heads that share it. */
  private final class PageHead {
    private final double[] keys;
    private final double[] values;
    private final int pageFrom;
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
      this.pageFrom = kvHead * page.keys().spec().size(Axis.SLOTS) * dim;
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

    void add(int tokens) {
      for (int first = 0; first < tokens; first += BLOCK_TOKENS) {
        addBlock(first, Math.min(BLOCK_TOKENS, tokens - first));
      }
      for (ProductBins headBins : bins) {
        headBins.flush();
      }
    }

    private void addBlock(int first, int count) {
      int from = pageFrom + first * dim;
      for (int head = 0; head < bins.length; head++) {
        FixedOrder.dots(
            query, queryFrom + head * dim, dim, keys, from, count, products, head * BLOCK_TOKENS);
      }
      for (int j = 0; j < count; j++) {
        System.arraycopy(values, from + j * dim, token, 0, valueDim);
        ValueRange range = ValueRange.of(operation + ": a value", token, 0, valueDim);
        for (int head = 0; head < bins.length; head++) {
          double score = scale * products[head * BLOCK_TOKENS + j];
          int exponent = SplitExponential.exponent(operation, score);
          double significand = SplitExponential.significand(score, exponent);
          weights.add(firstHead + head, significand, exponent);
          bins[head].add(significand, exponent, token, range);
        }
      }
    }
  }
}

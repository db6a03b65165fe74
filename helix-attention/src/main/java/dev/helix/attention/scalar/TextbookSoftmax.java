package dev.helix.attention.scalar;

import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.VisibleSlots;
import dev.helix.attention.scalar.VisibleTokens.Token;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one query head over t tokens in two passes. The first computes all scores and their
 * maximum m, and the second the weights exp(s − m), their sum, and the weighted mean of the values.
 *
 * <p>For t &gt; 0, keys of size d and values of size v it takes t(d + v + 1) multiplications, t(d +
 * v + 2) + 1 additions, v divisions, t exponentials, t − 1 comparisons and one logarithm. For t = 0
 * it takes none. A soft cap adds for each token one division, one multiplication and one hyperbolic
 * tangent, which counts as an exponential. ALiBi adds for each token one multiplication and one
 * addition. A sink is one more token without products: it adds two additions, one exponential and,
 * unless it is alone, one comparison.
 */
final class TextbookSoftmax<S> {
  private final Arithmetic<S> arithmetic;
  private final VisibleSlots visibleSlots;
  private final ScoreRule rule;
  private final S scale;
  private final ScalarTensor<S> queries;
  private final ScalarTensor<S> output;
  private final ScalarTensor<S> lse;
  private final int heads;
  private final int dim;
  private final int valueDim;

  /**
   * Prepares one launch.
   *
   * @param operation the launch, for messages
   * @param queries {@code [batch, heads, headDim]}
   * @param valueDim number of components of a value; where keys and values are one tensor, the
   *     values are the first components of its rows
   */
  TextbookSoftmax(
      ScalarRank<S> rank, String operation, ScalarTensor<S> queries, ScoreRule rule, int valueDim) {
    Spec spec = queries.spec();
    this.arithmetic = rank.arithmetic();
    this.visibleSlots = new VisibleSlots(rank, operation, spec, valueDim);
    this.scale = arithmetic.of(rule.scale());
    this.queries = queries;
    this.output = rank.allocate(spec.resized(Axis.HEAD_DIM, valueDim));
    this.lse = rank.allocate(new Spec(spec.dtype(), spec.dims().subList(0, 2)));
    this.heads = spec.size(Axis.HEADS);
    this.rule = rule.requireHeads("flashDecode", heads);
    this.dim = spec.size(Axis.HEAD_DIM);
    this.valueDim = valueDim;
  }

  /**
   * Attends with all rows, each over its own view.
   *
   * @return output {@code [batch, heads, headDim=valueDim]} and lse {@code [batch, heads]}
   */
  PartialAttention<ScalarTensor<S>> over(List<KvView<ScalarTensor<S>>> views) {
    for (int row = 0; row < views.size(); row++) {
      KvView<ScalarTensor<S>> view = views.get(row);
      attend(row, view, VisibleTokens.of(visibleSlots.in(view), queries.spec()));
    }
    return new PartialAttention<>(output, lse);
  }

  /** Writes the output and the log-sum-exp of all heads of a row. */
  private void attend(int row, KvView<ScalarTensor<S>> view, VisibleTokens<S> visible) {
    for (int head = 0; head < heads; head++) {
      int rowHead = row * heads + head;
      boolean sink = rule.sink(head) != Double.NEGATIVE_INFINITY;
      if (visible.tokens().isEmpty() && !sink) {
        empty(rowHead);
        continue;
      }
      List<S> scores = new ArrayList<>(visible.tokens().size() + 1);
      int kvHead = visible.tokens().isEmpty() ? 0 : head / visible.group();
      for (Token<S> token : visible.tokens()) {
        scores.add(score(rowHead, token, kvHead, view));
      }
      if (sink) {
        scores.add(arithmetic.of(rule.sink(head)));
      }
      attend(rowHead, visible.tokens(), kvHead, scores);
    }
  }

  private void empty(int rowHead) {
    for (int i = 0; i < valueDim; i++) {
      output.set(rowHead * valueDim + i, arithmetic.zero());
    }
    lse.setNegativeInfinity(rowHead);
  }

  /**
   * Attends with one head. {@code scores} has those of the tokens and, last, the sink, which has no
   * value.
   */
  private void attend(int rowHead, List<Token<S>> tokens, int kvHead, List<S> scores) {
    S maximum = scores.get(0);
    for (S score : scores.subList(1, scores.size())) {
      maximum = arithmetic.max(maximum, score);
    }
    List<S> weights = new ArrayList<>(scores.size());
    S sum = arithmetic.zero();
    for (S score : scores) {
      S weight = arithmetic.exp(arithmetic.subtract(score, maximum));
      weights.add(weight);
      sum = arithmetic.add(sum, weight);
    }
    for (int i = 0; i < valueDim; i++) {
      S weighted = arithmetic.zero();
      for (int j = 0; j < tokens.size(); j++) {
        weighted = arithmetic.addProduct(weighted, weights.get(j), tokens.get(j).value(kvHead, i));
      }
      output.set(rowHead * valueDim + i, arithmetic.divide(weighted, sum));
    }
    lse.set(rowHead, arithmetic.add(maximum, arithmetic.log(sum)));
  }

  private S score(int rowHead, Token<S> token, int kvHead, KvView<ScalarTensor<S>> view) {
    S product = arithmetic.zero();
    for (int i = 0; i < dim; i++) {
      product =
          arithmetic.addProduct(product, queries.get(rowHead * dim + i), token.key(kvHead, i));
    }
    S score = arithmetic.multiply(scale, product);
    if (rule.softCap().isPresent()) {
      S cap = arithmetic.of(rule.softCap().getAsDouble());
      score = arithmetic.multiply(cap, arithmetic.tanh(arithmetic.divide(score, cap)));
    }
    if (!rule.alibiSlopes().isEmpty()) {
      S slope = arithmetic.of(rule.alibiSlopes().get(rowHead % heads));
      int distance = view.positions("flashDecode").distance(token.localSlot());
      score = arithmetic.subtract(score, arithmetic.multiply(slope, arithmetic.of(distance)));
    }
    return score;
  }
}

package dev.helix.attention.scalar;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.scalar.VisibleTokens.Token;
import dev.helix.tensor.Axis;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one query head over t tokens in two passes: all scores and their maximum m, then the
 * weights exp(s − m), their sum, and the weighted mean of the values.
 *
 * <p>For t &gt; 0, keys of size d and values of size v: t(d + v + 1) multiplications, t(d + v + 2)
 * + 1 additions, v divisions, t exponentials, t − 1 comparisons and one logarithm; none for t = 0.
 */
final class TextbookSoftmax<S> {
  private final Arithmetic<S> arithmetic;
  private final S scale;
  private final ScalarTensor<S> queries;
  private final ScalarTensor<S> output;
  private final ScalarTensor<S> lse;
  private final int heads;
  private final int dim;
  private final int valueDim;

  /**
   * @param queries {@code [batch, heads, headDim]}
   * @param output to be written, {@code [batch, heads, headDim]}; if narrower than the queries, the
   *     values are the first components of their rows
   * @param lse to be written, {@code [batch, heads]}
   */
  TextbookSoftmax(
      Arithmetic<S> arithmetic,
      S scale,
      ScalarTensor<S> queries,
      ScalarTensor<S> output,
      ScalarTensor<S> lse) {
    this.arithmetic = arithmetic;
    this.scale = scale;
    this.queries = queries;
    this.output = output;
    this.lse = lse;
    this.heads = queries.spec().size(Axis.HEADS);
    this.dim = queries.spec().size(Axis.HEAD_DIM);
    this.valueDim = output.spec().size(Axis.HEAD_DIM);
  }

  /** Writes the output and the log-sum-exp of all heads of a row. */
  void attend(int row, VisibleTokens<S> visible) {
    for (int head = 0; head < heads; head++) {
      int rowHead = row * heads + head;
      if (visible.tokens().isEmpty()) {
        empty(rowHead);
      } else {
        attend(rowHead, visible.tokens(), head / visible.group());
      }
    }
  }

  PartialAttention<ScalarTensor<S>> result() {
    return new PartialAttention<>(output, lse);
  }

  private void empty(int rowHead) {
    for (int i = 0; i < valueDim; i++) {
      output.set(rowHead * valueDim + i, arithmetic.zero());
    }
    lse.setNegativeInfinity(rowHead);
  }

  private void attend(int rowHead, List<Token<S>> tokens, int kvHead) {
    List<S> scores = new ArrayList<>(tokens.size());
    for (Token<S> token : tokens) {
      scores.add(score(rowHead, token, kvHead));
    }
    S maximum = scores.get(0);
    for (S score : scores.subList(1, scores.size())) {
      maximum = arithmetic.max(maximum, score);
    }
    List<S> weights = new ArrayList<>(tokens.size());
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

  private S score(int rowHead, Token<S> token, int kvHead) {
    S product = arithmetic.zero();
    for (int i = 0; i < dim; i++) {
      product =
          arithmetic.addProduct(product, queries.get(rowHead * dim + i), token.key(kvHead, i));
    }
    return arithmetic.multiply(scale, product);
  }
}

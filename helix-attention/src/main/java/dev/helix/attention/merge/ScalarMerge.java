package dev.helix.attention.merge;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.Axis;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The merge of the {@code oracle} and {@code counting} readings, by the paper's formula (Helix
 * Parallelism §2.1): LSE = M + ln Σ exp(LSEᵢ − M) with M = max LSEᵢ, then O = Σ exp(LSEᵢ − LSE)·Oᵢ,
 * over the parts that have tokens. No number of the other parts is read, so that what an empty part
 * holds as its output has no effect. If no part has tokens, the result is 0.
 *
 * <p>The weights exp(LSEᵢ − LSE) are at most 1 and sum to 1 up to rounding. {@link Fp64Merge}
 * computes the same function in another way: it divides by the sum instead of taking its logarithm.
 *
 * <p>For n &gt; 0 parts with tokens and heads of size d the merge takes n·d multiplications, n·d +
 * 3n + 1 additions, 2n exponentials, n − 1 comparisons and one logarithm. For n = 0 it takes none.
 *
 * @param <S> a number
 */
public final class ScalarMerge<S> {
  private final Arithmetic<S> arithmetic;
  private final ScalarTensor<S> outputs;
  private final ScalarTensor<S> lses;
  private final ScalarTensor<S> merged;
  private final int parts;
  private final int rowsByHeads;
  private final int dim;

  /**
   * Prepares the merge of a batch.
   *
   * @param shards output {@code [shards, batch, heads, headDim]}, lse {@code [shards, batch,
   *     heads]}
   * @param merged {@code [batch, heads, headDim]}, receives the result
   */
  public ScalarMerge(
      Arithmetic<S> arithmetic, PartialAttention<ScalarTensor<S>> shards, ScalarTensor<S> merged) {
    this.arithmetic = arithmetic;
    this.outputs = shards.output();
    this.lses = shards.lse();
    this.merged = merged;
    this.parts = lses.spec().size(Axis.SHARDS);
    this.rowsByHeads = lses.spec().stride(1);
    this.dim = outputs.spec().size(Axis.HEAD_DIM);
  }

  /**
   * Writes the merged output of one head of one row.
   *
   * @param rowHead row · heads + head
   */
  public void merge(int rowHead) {
    List<Integer> living = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      if (!lses.isNegativeInfinity(part * rowsByHeads + rowHead)) {
        living.add(part * rowsByHeads + rowHead);
      }
    }
    List<S> weights = weights(living);
    for (int i = 0; i < dim; i++) {
      S sum = arithmetic.zero();
      for (int n = 0; n < living.size(); n++) {
        sum = arithmetic.addProduct(sum, weights.get(n), outputs.get(living.get(n) * dim + i));
      }
      merged.set(rowHead * dim + i, sum);
    }
  }

  /** exp(LSEᵢ − LSE) for each index i in {@code living}, which are the parts that have tokens. */
  private List<S> weights(List<Integer> living) {
    if (living.isEmpty()) {
      return List.of();
    }
    S greatest = lses.get(living.get(0));
    for (int at : living.subList(1, living.size())) {
      greatest = arithmetic.max(greatest, lses.get(at));
    }
    S sum = arithmetic.zero();
    for (int at : living) {
      sum = arithmetic.add(sum, arithmetic.exp(arithmetic.subtract(lses.get(at), greatest)));
    }
    S lse = arithmetic.add(greatest, arithmetic.log(sum));
    List<S> weights = new ArrayList<>(living.size());
    for (int at : living) {
      weights.add(arithmetic.exp(arithmetic.subtract(lses.get(at), lse)));
    }
    return weights;
  }
}

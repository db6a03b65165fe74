package dev.helix.ffn.scalar;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.List;

/**
 * The kernels of a mixture of experts by their formulas, in any arithmetic. Sums start from zero
 * and run in the order of the index, and over experts in their order.
 *
 * @param <S> a number
 */
public final class ScalarMoeKernels<S> implements MoeKernels<ScalarTensor<S>> {
  private final ScalarRank<S> rank;
  private final Arithmetic<S> arithmetic;

  public ScalarMoeKernels(ScalarRank<S> rank) {
    this.rank = rank;
    this.arithmetic = rank.arithmetic();
  }

  /**
   * {@inheritDoc} It takes gateUp·hidden multiplications and as many additions for each assignment.
   */
  @Override
  public ScalarTensor<S> groupedLinear(
      ScalarTensor<S> x, List<ScalarTensor<S>> weights, Dispatch dispatch) {
    rank.launch("groupedLinear", x);
    rank.requireOwn("groupedLinear", weights.toArray(Tensor[]::new));
    x.spec().require("groupedLinear", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("groupedLinear", "assignments", dispatch.size(), x.spec().size(Axis.BATCH));
    rank.requireEqual("groupedLinear", "experts", dispatch.counts().size(), weights.size());
    int inner = x.spec().size(Axis.HIDDEN);
    Spec weightSpec = weights.get(0).spec().require("expert weight", Axis.GATE_UP, Axis.HIDDEN);
    int out = weightSpec.size(Axis.GATE_UP);
    ScalarTensor<S> result =
        rank.allocate(Spec.of(x.spec().dtype(), Axis.BATCH, dispatch.size(), Axis.GATE_UP, out));
    int row = 0;
    for (int expert = 0; expert < weights.size(); expert++) {
      ScalarTensor<S> weight = weights.get(expert);
      rank.requireEqual("groupedLinear", "hidden", inner, weight.spec().size(Axis.HIDDEN));
      rank.requireEqual("groupedLinear", "gateUp", out, weight.spec().size(Axis.GATE_UP));
      for (int end = row + dispatch.counts().get(expert); row < end; row++) {
        for (int column = 0; column < out; column++) {
          S sum = arithmetic.zero();
          result.set(
              row * out + column, addDot(sum, x, row * inner, weight, column * inner, inner));
        }
      }
    }
    return result;
  }

  /**
   * {@inheritDoc} It takes an exponential, an addition, a division and two multiplications for each
   * element.
   */
  @Override
  public ScalarTensor<S> weightedSwiGlu(ScalarTensor<S> gateUp, Dispatch dispatch) {
    rank.launch("weightedSwiGlu", gateUp);
    Spec spec = gateUp.spec().require("weightedSwiGlu", Axis.BATCH, Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    int both = spec.size(Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "remainder of gateUp divided by 2", 0, both % 2);
    int width = both / 2;
    ScalarTensor<S> activated =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, dispatch.size(), Axis.INTERMEDIATE, width));
    S one = arithmetic.of(1);
    for (int row = 0; row < dispatch.size(); row++) {
      S weight = arithmetic.of(dispatch.weights().get(row));
      for (int i = 0; i < width; i++) {
        S gate = gateUp.get(row * both + i);
        S up = gateUp.get(row * both + width + i);
        S denominator = arithmetic.add(one, arithmetic.exp(arithmetic.negate(gate)));
        S value = arithmetic.multiply(arithmetic.divide(gate, denominator), up);
        activated.set(row * width + i, arithmetic.multiply(weight, value));
      }
    }
    return activated;
  }

  /**
   * {@inheritDoc} It takes hidden·intermediate multiplications and as many additions for each
   * assignment.
   */
  @Override
  public ScalarTensor<S> combineExperts(
      ScalarTensor<S> activated, List<ScalarTensor<S>> downs, Dispatch dispatch, int tokens) {
    rank.launch("combineExperts", activated);
    rank.requireOwn("combineExperts", downs.toArray(Tensor[]::new));
    Spec spec = activated.spec().require("combineExperts", Axis.BATCH, Axis.INTERMEDIATE);
    rank.requireEqual("combineExperts", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    rank.requireEqual("combineExperts", "experts", dispatch.counts().size(), downs.size());
    Spec weightSpec = downs.get(0).spec().require("expert weight", Axis.HIDDEN, Axis.INTERMEDIATE);
    int inner = spec.size(Axis.INTERMEDIATE);
    int hidden = weightSpec.size(Axis.HIDDEN);
    ScalarTensor<S> combined =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, tokens, Axis.HIDDEN, hidden));
    for (int i = 0; i < tokens * hidden; i++) {
      combined.set(i, arithmetic.zero());
    }
    int row = 0;
    for (int expert = 0; expert < downs.size(); expert++) {
      ScalarTensor<S> down = downs.get(expert);
      rank.requireEqual("combineExperts", "hidden", hidden, down.spec().size(Axis.HIDDEN));
      rank.requireEqual("combineExperts", "columns", inner, down.spec().size(Axis.INTERMEDIATE));
      for (int end = row + dispatch.counts().get(expert); row < end; row++) {
        int token = dispatch.rows().get(row) * hidden;
        for (int i = 0; i < hidden; i++) {
          S sum = combined.get(token + i);
          combined.set(token + i, addDot(sum, activated, row * inner, down, i * inner, inner));
        }
      }
    }
    return combined;
  }

  /** {@inheritDoc} It takes for each element one addition fewer than its token has rows. */
  @Override
  public ScalarTensor<S> sumByToken(ScalarTensor<S> terms, List<Integer> tokenOfRow, int tokens) {
    rank.launch("sumByToken", terms);
    Spec spec = terms.spec().require("sumByToken", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("sumByToken", "rows", tokenOfRow.size(), spec.size(Axis.BATCH));
    int hidden = spec.size(Axis.HIDDEN);
    ScalarTensor<S> sum = rank.allocate(spec.resized(Axis.BATCH, tokens));
    for (int i = 0; i < tokens * hidden; i++) {
      sum.set(i, arithmetic.zero());
    }
    boolean[] begun = new boolean[tokens];
    for (int row = 0; row < tokenOfRow.size(); row++) {
      int token = tokenOfRow.get(row);
      for (int i = 0; i < hidden; i++) {
        S term = terms.get(row * hidden + i);
        int to = token * hidden + i;
        sum.set(to, begun[token] ? arithmetic.add(sum.get(to), term) : term);
      }
      begun[token] = true;
    }
    return sum;
  }

  private S addDot(S start, ScalarTensor<S> a, int aFrom, ScalarTensor<S> b, int bFrom, int count) {
    S sum = start;
    for (int i = 0; i < count; i++) {
      sum = arithmetic.addProduct(sum, a.get(aFrom + i), b.get(bFrom + i));
    }
    return sum;
  }
}

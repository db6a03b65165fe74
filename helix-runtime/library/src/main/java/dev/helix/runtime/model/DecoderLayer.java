package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * One decoder layer on one rank: h = x + attention(norm(x)), then h + ffn(norm(h)). Norms and sums
 * treat each row by itself, so they do not depend on which rows the rank holds. The layer's parts
 * do everything else.
 */
public final class DecoderLayer<T extends Tensor> {
  private final int index;
  private final RankOperations<T> operations;
  private final LayerNorms<T> norms;
  private final LayerParts<T> parts;
  private final StepTap<T> tap;

  public DecoderLayer(
      int index,
      RankOperations<T> operations,
      LayerNorms<T> norms,
      LayerParts<T> parts,
      StepTap<T> tap) {
    this.index = index;
    this.operations = operations;
    this.norms = norms;
    this.parts = parts;
    this.tap = tap;
  }

  AttentionPart<T> attention() {
    return parts.attention();
  }

  /**
   * Checks that the parts can take a hidden state, and that what they leave can be added to it.
   *
   * @param before the part that leaves the hidden state to this layer
   * @throws IllegalArgumentException naming both parts
   */
  void requireFits(HeldState hidden, String before) {
    String attention = "attention of layer " + index;
    String ffn = "FFN of layer " + index;
    hidden.requireFits(before, attention, parts.attention().takes());
    parts.attention().leaves().requireFits(attention, sumBehind(attention), hidden);
    hidden.requireFits(sumBehind(attention), ffn, parts.ffn().takes());
    parts.ffn().leaves().requireFits(ffn, sumBehind(ffn), hidden);
  }

  private static String sumBehind(String part) {
    return "the residual sum behind " + part;
  }

  /** The name of this layer in the next part's errors. */
  String name() {
    return "the residual sum behind FFN of layer " + index;
  }

  /**
   * Runs one step of the layer.
   *
   * @param x {@code [batch=rows, hidden]}
   * @param step all rows of the step, whichever of them this rank holds
   * @return the same rows
   */
  HeldRows<T> decode(HeldRows<T> x, List<QueryToken> step) {
    operations.scope().enter(Place.layer(index));
    T attended = parts.attention().attend(normed(x, norms.input()), step, tap.attention(index));
    HeldRows<T> middle =
        added(x, seen(x.with(attended), Quantity.ATTENTION_OUTPUT), Quantity.MIDDLE);
    T transformed =
        parts
            .ffn()
            .apply(
                normed(middle, norms.postAttention()),
                step,
                routing ->
                    tap.seeRouting(new TapPoint(index, Quantity.ROUTING), x.rows(), routing));
    return added(middle, seen(x.with(transformed), Quantity.FFN_OUTPUT), Quantity.HIDDEN);
  }

  private HeldRows<T> normed(HeldRows<T> x, T weight) {
    Kernels<T> kernels = operations.kernels();
    return x.isEmpty()
        ? x
        : x.with(kernels.rmsNorm(Phase.NORM, x.values(), weight, norms.epsilon()));
  }

  private HeldRows<T> added(HeldRows<T> x, HeldRows<T> term, Quantity sum) {
    return x.isEmpty()
        ? x
        : seen(x.with(operations.kernels().add(Phase.NORM, x.values(), term.values())), sum);
  }

  private HeldRows<T> seen(HeldRows<T> x, Quantity quantity) {
    return x.isEmpty() ? x : x.with(tap.see(new TapPoint(index, quantity), x.rows(), x.values()));
  }
}

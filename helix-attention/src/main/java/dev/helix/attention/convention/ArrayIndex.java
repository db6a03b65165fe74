package dev.helix.attention.convention;

import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the elements of the arrays of a merge in a {@link Layout}.
 *
 * @param layout how the arrays lie
 * @param shards number of parts; 1 for the arrays of an answer, which have no axis of shards
 * @param tokens number of query tokens
 * @param heads number of real heads
 * @param dim number of real components
 */
public record ArrayIndex(Layout layout, int shards, int tokens, int heads, int dim) {
  /** Number of heads in the arrays, those of padding with them. */
  public int paddedHeads() {
    return heads + layout.padding().heads();
  }

  /** Number of components in the arrays, those of padding with them. */
  public int paddedDim() {
    return dim + layout.padding().components();
  }

  /**
   * Number of components of an output together with the log-sum-exp that is packed behind it.
   *
   * @param format format of partial outputs, of 16 or 32 bits
   */
  public int packedDim(DType format) {
    return paddedDim() + Float.BYTES / format.bytes();
  }

  /** Number of outputs in the arrays, each of {@link #paddedDim} components. */
  public int rows() {
    return shards * tokens * paddedHeads();
  }

  /** Index of the output of one head of one token on a shard, in units of {@link #paddedDim}. */
  public int output(int shard, int token, int head) {
    return at(layout.outputs(), shard, token, head);
  }

  /** Index of the weight of one head of one token on a shard. */
  public int weight(int shard, int token, int head) {
    return at(layout.lses(), shard, token, head);
  }

  private int at(AxisOrder order, int shard, int token, int head) {
    boolean tokensFirst = order == AxisOrder.TOKENS_FIRST;
    int outer = tokensFirst ? token : head;
    int inner = tokensFirst ? head : token;
    int inners = tokensFirst ? paddedHeads() : tokens;
    int outers = tokensFirst ? tokens : paddedHeads();
    return switch (layout.shards()) {
      case FIRST -> (shard * outers + outer) * inners + inner;
      case SECOND -> (outer * shards + shard) * inners + inner;
      case THIRD -> (outer * inners + inner) * shards + shard;
    };
  }

  /** Shape of the outputs of all parts, such as {@code [shards, tokens, heads, dim]}. */
  public List<Integer> outputShape() {
    List<Integer> shape = new ArrayList<>(shape(layout.outputs()));
    shape.add(paddedDim());
    return List.copyOf(shape);
  }

  /** Shape of the weights of all parts, such as {@code [shards, tokens, heads]}. */
  public List<Integer> weightShape() {
    return shape(layout.lses());
  }

  /** Shape of a merged output, such as {@code [tokens, heads, dim]}. */
  public List<Integer> answerShape() {
    List<Integer> shape = new ArrayList<>(pair(layout.outputs()));
    shape.add(paddedDim());
    return List.copyOf(shape);
  }

  /** Shape of merged log-sum-exps, such as {@code [tokens, heads]}. */
  public List<Integer> answerWeightShape() {
    return pair(layout.lses());
  }

  private List<Integer> shape(AxisOrder order) {
    List<Integer> shape = new ArrayList<>(pair(order));
    int place =
        switch (layout.shards()) {
          case FIRST -> 0;
          case SECOND -> 1;
          case THIRD -> 2;
        };
    shape.add(place, shards);
    return List.copyOf(shape);
  }

  private List<Integer> pair(AxisOrder order) {
    return order == AxisOrder.TOKENS_FIRST
        ? List.of(tokens, paddedHeads())
        : List.of(paddedHeads(), tokens);
  }
}

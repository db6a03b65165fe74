package dev.helix.laws.merge;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * Partial results as the laws see them: tokens first, log-sum-exps in the implementation's base and
 * on its grid, −∞ where there are no tokens. Immutable.
 */
public final class Stack {
  final Convention convention;
  final int shards;
  final int tokens;
  final int heads;
  final int dim;
  private final double[] outputs;
  private final double[] lses;

  /** Keeps the arrays, which nobody may change any more. */
  private Stack(
      Convention convention,
      int shards,
      int tokens,
      int heads,
      int dim,
      double[] outputs,
      double[] lses) {
    this.convention = convention;
    this.shards = shards;
    this.tokens = tokens;
    this.heads = heads;
    this.dim = dim;
    this.outputs = outputs;
    this.lses = lses;
  }

  /**
   * Rounds to the implementation's grid.
   *
   * @param outputs {@code [shards, tokens, heads, dim]}
   * @param lses {@code [shards, tokens, heads]}, in its base
   */
  public static Stack of(Convention convention, int[] shape, double[] outputs, double[] lses) {
    DType format = convention.precision().output();
    DType weight = convention.precision().lse();
    return new Stack(
        convention,
        shape[0],
        shape[1],
        shape[2],
        shape[3],
        Arrays.stream(outputs).map(format::round).toArray(),
        Arrays.stream(lses).map(weight::round).toArray());
  }

  /** The shards of a case, their log-sum-exps converted to the implementation's base. */
  static Stack of(Convention convention, MergeCase given) {
    double[] lses = Arrays.stream(given.lses()).map(convention.base()::fromNatural).toArray();
    return of(
        convention,
        new int[] {given.shards(), given.tokens(), given.heads(), given.dim()},
        given.outputs(),
        lses);
  }

  int[] shape() {
    return new int[] {shards, tokens, heads, dim};
  }

  /** Parts that are merged. */
  public int shards() {
    return shards;
  }

  int rows() {
    return tokens * heads;
  }

  public double lse(int shard, int row) {
    return lses[shard * rows() + row];
  }

  public double output(int shard, int row, int i) {
    return outputs[(shard * rows() + row) * dim + i];
  }

  public boolean living(int shard, int row) {
    return lse(shard, row) != Double.NEGATIVE_INFINITY;
  }

  double[] outputs() {
    return outputs.clone();
  }

  double[] lses() {
    return lses.clone();
  }

  /** With other outputs of the same shape. */
  Stack withOutputs(double[] others) {
    return of(convention, shape(), others, lses);
  }

  /** With other log-sum-exps. */
  Stack withLses(double[] others) {
    return of(convention, shape(), outputs, others);
  }

  /** Some shards in this order. */
  Stack select(int... chosen) {
    double[] someOutputs = new double[chosen.length * rows() * dim];
    double[] someLses = new double[chosen.length * rows()];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(
          outputs, chosen[i] * rows() * dim, someOutputs, i * rows() * dim, rows() * dim);
      System.arraycopy(lses, chosen[i] * rows(), someLses, i * rows(), rows());
    }
    return new Stack(convention, chosen.length, tokens, heads, dim, someOutputs, someLses);
  }

  /** All shards of several stacks. */
  public static Stack join(List<Stack> stacks) {
    Stack first = stacks.get(0);
    int shards = stacks.stream().mapToInt(stack -> stack.shards).sum();
    double[] outputs = new double[shards * first.rows() * first.dim];
    double[] lses = new double[shards * first.rows()];
    int at = 0;
    for (Stack stack : stacks) {
      System.arraycopy(
          stack.outputs, 0, outputs, at * first.rows() * first.dim, stack.outputs.length);
      System.arraycopy(stack.lses, 0, lses, at * first.rows(), stack.lses.length);
      at += stack.shards;
    }
    return new Stack(first.convention, shards, first.tokens, first.heads, first.dim, outputs, lses);
  }

  /** One shard without tokens, whose outputs are {@code payload}. */
  Stack emptyShard(double payload) {
    double[] poison = new double[rows() * dim];
    Arrays.fill(poison, payload);
    double[] none = new double[rows()];
    Arrays.fill(none, Double.NEGATIVE_INFINITY);
    return of(convention, new int[] {1, tokens, heads, dim}, poison, none);
  }

  /** As the implementation is given it. */
  PartialStack declared() {
    double[] theirOutputs = new double[outputs.length];
    double[] theirLses = new double[lses.length];
    for (int shard = 0; shard < shards; shard++) {
      for (int token = 0; token < tokens; token++) {
        for (int head = 0; head < heads; head++) {
          int row = token * heads + head;
          int at = shard * rows() + convention.order().index(token, head, tokens, heads);
          theirLses[at] = convention.declared(lse(shard, row));
          System.arraycopy(outputs, (shard * rows() + row) * dim, theirOutputs, at * dim, dim);
        }
      }
    }
    return new PartialStack(shards, tokens, heads, dim, theirOutputs, theirLses);
  }

  /** For messages: all numbers of a small stack, the shape of a large one. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d shards, %d tokens, %d heads, %d components".formatted(shards, tokens, heads, dim));
    if (outputs.length <= 48) {
      text.append(
              "; %s-LSEs [shards, tokens, heads] "
                  .formatted(
                      convention.base() == dev.helix.attention.merge.LogBase.E ? "ln" : "log2"))
          .append(Arrays.toString(Arrays.stream(lses).map(convention::declared).toArray()))
          .append("; outputs [shards, tokens, heads, dim] ")
          .append(Arrays.toString(outputs));
    }
    return text.toString();
  }
}

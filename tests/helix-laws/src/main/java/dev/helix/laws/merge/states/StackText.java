package dev.helix.laws.merge.states;

import dev.helix.attention.convention.LogBase;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The words in which messages show a stack: all numbers of a small one, in the convention of the
 * implementation that was given it; the shape and one row of a large one.
 */
final class StackText {
  private static final int MOST_SHOWN = 48;

  private final Stack stack;
  private final double[] outputs;
  private final double[] maxima;
  private final double[] sums;

  /**
   * The text of a stack with these numbers, which are only read.
   *
   * @param outputs {@code [shards, tokens, heads, dim]}
   * @param maxima {@code [shards, tokens, heads]}
   * @param sums {@code [shards, tokens, heads]}, 0 where a shard has no tokens
   */
  StackText(Stack stack, double[] outputs, double[] maxima, double[] sums) {
    this.stack = stack;
    this.outputs = outputs;
    this.maxima = maxima;
    this.sums = sums;
  }

  /** All numbers of a small stack, or the shape of a large one. */
  String whole() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d shards, %d tokens, %d heads, %d components"
            .formatted(stack.shards, stack.tokens, stack.heads, stack.dim));
    if (isSmall()) {
      if (stack.convention.pairs()) {
        text.append(
                "; maxima [shards, tokens, heads] %s in %s"
                    .formatted(declared(maxima), logarithm()))
            .append("; sums ")
            .append(Arrays.toString(sums));
      } else {
        text.append(
            "; %s-LSEs [shards, tokens, heads] %s".formatted(logarithm(), declared(maxima)));
      }
      text.append("; outputs [shards, tokens, heads, dim] ").append(Arrays.toString(outputs));
    }
    return text.toString();
  }

  /** All numbers of a small stack, or the shape and one row of a large one. */
  String with(int row) {
    return isSmall() ? whole() : whole() + "; " + row(row);
  }

  private boolean isSmall() {
    return outputs.length <= MOST_SHOWN;
  }

  /** Its weights, and what its shards without tokens hold: as far as there is room. */
  private String row(int row) {
    int shards = stack.shards;
    double[] weights = new double[shards];
    Arrays.setAll(weights, shard -> maxima[shard * stack.rows() + row]);
    int[] living = IntStream.range(0, shards).filter(shard -> stack.living(shard, row)).toArray();
    StringBuilder text = new StringBuilder();
    text.append("token %d, head %d: ".formatted(row / stack.heads, row % stack.heads));
    text.append(
        shards <= MOST_SHOWN
            ? "%s of the shards %s".formatted(weightName(), declared(weights))
            : "%d shards have tokens, the first %s"
                .formatted(
                    living.length,
                    Arrays.toString(Arrays.copyOf(living, Math.min(8, living.length)))));
    String held =
        IntStream.range(0, shards)
            .filter(shard -> !stack.living(shard, row))
            .boxed()
            .flatMap(
                shard -> IntStream.range(0, stack.dim).mapToObj(i -> stack.output(shard, row, i)))
            .distinct()
            .limit(4)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return held.isEmpty() ? text.toString() : text + "; those without tokens hold " + held;
  }

  private String weightName() {
    return logarithm() + (stack.convention.pairs() ? "-maxima" : "-LSEs");
  }

  private String logarithm() {
    return stack.convention.base() == LogBase.E ? "ln" : "log2";
  }

  private String declared(double[] weights) {
    return Arrays.toString(Arrays.stream(weights).map(stack.convention::declared).toArray());
  }
}

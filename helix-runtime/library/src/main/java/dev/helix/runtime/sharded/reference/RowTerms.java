package dev.helix.runtime.sharded.reference;

import dev.helix.attention.ScoreRule;
import java.util.OptionalDouble;

/**
 * What one query head of one token sees on a rank, before products become scores: all that its
 * state depends on but for the softmax scale.
 *
 * @param products q·k of each token that it sees
 * @param biases what is subtracted from each score for its token's distance
 * @param values the first components of each token's value, {@code [tokens, components]}
 * @param softCap the bound that scores approach
 * @param sink the logit of the head's sink if the rank counts it; −∞ otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // Thousands of numbers, looked into and never compared.
public record RowTerms(
    double[] products, double[] biases, double[] values, OptionalDouble softCap, double sink) {

  /** Number of tokens that the head sees. */
  public int tokens() {
    return products.length;
  }

  /** The terms of a head, of whose values so many components are read. */
  static RowTerms of(QueryGroup group, LocalReading reading, int head, int components) {
    SlotRange range = group.range();
    int count = Math.max(0, range.to() - range.from());
    ScoreRule rule = reading.scores();
    RowTerms terms =
        new RowTerms(
            new double[count],
            new double[count],
            new double[count * components],
            rule.softCap(),
            group.sink(head));
    double[] key = new double[group.keyDim()];
    double[] value = new double[group.valueDim()];
    for (int i = 0; i < count; i++) {
      int slot = range.from() + i;
      group.key(slot, key);
      group.value(slot, value);
      terms.products[i] = group.product(head, key);
      terms.biases[i] = group.formula().bias(head, group.distance(slot));
      System.arraycopy(value, 0, terms.values, i * components, components);
    }
    return terms;
  }
}

package dev.helix.laws.merge;

/**
 * The partial results of n shards, as an implementation under test is given them.
 *
 * <p>Arrays are row-major, in the axis order, base and empty mark of its {@link Convention}; the
 * numbers are on the grid of its formats. Where the mark says that a shard has no tokens of a row,
 * its output there may be anything.
 */
public final class PartialStack {
  private final int shards;
  private final int tokens;
  private final int heads;
  private final int dim;
  private final double[] outputs;
  private final double[] lses;

  PartialStack(int shards, int tokens, int heads, int dim, double[] outputs, double[] lses) {
    this.shards = shards;
    this.tokens = tokens;
    this.heads = heads;
    this.dim = dim;
    this.outputs = outputs;
    this.lses = lses;
  }

  public int shards() {
    return shards;
  }

  /** Query tokens, rows of the batch. */
  public int tokens() {
    return tokens;
  }

  public int heads() {
    return heads;
  }

  /** Components of a value. */
  public int dim() {
    return dim;
  }

  /** {@code [shards, tokens, heads, dim]}, or with heads first; a copy. */
  public double[] outputs() {
    return outputs.clone();
  }

  /** {@code [shards, tokens, heads]}, or with heads first; a copy. */
  public double[] lses() {
    return lses.clone();
  }

  /** The same outputs with other log-sum-exps. */
  public PartialStack withLses(double[] others) {
    if (others.length != lses.length) {
      throw new IllegalArgumentException(
          "expected %d LSEs, got %d".formatted(lses.length, others.length));
    }
    return new PartialStack(shards, tokens, heads, dim, outputs, others.clone());
  }
}

package dev.helix.laws.merge.states;

/** One partial or merged result, as an implementation under test returns it. */
public final class Partial {
  private final double[] outputs;
  private final double[] lses;

  /**
   * A result with its weight.
   *
   * @param outputs {@code [tokens, heads, dim]}, or with heads first
   * @param lses {@code [tokens, heads]}, or with heads first
   */
  public Partial(double[] outputs, double[] lses) {
    this.outputs = outputs.clone();
    this.lses = lses.clone();
  }

  /**
   * A result without its weight, from a {@link dev.helix.laws.merge.Declaration#withoutLse()}.
   *
   * @param outputs {@code [tokens, heads, dim]}, or with heads first
   */
  public Partial(double[] outputs) {
    this(outputs, new double[0]);
  }

  public double[] outputs() {
    return outputs;
  }

  public double[] lses() {
    return lses;
  }
}

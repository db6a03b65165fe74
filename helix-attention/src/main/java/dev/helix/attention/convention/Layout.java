package dev.helix.attention.convention;

/**
 * How the arrays of parts lie in memory, row-major. An answer has the same axes without shards.
 *
 * @param outputs whether tokens or heads are the outer axis of outputs
 * @param lses the same of log-sum-exps, which may differ
 * @param shards where the axis of shards is
 * @param packing how log-sum-exps or pairs lie beside the outputs
 * @param padding heads and components that the arrays have beyond the real ones
 */
public record Layout(
    AxisOrder outputs, AxisOrder lses, ShardAxis shards, Packing packing, Padding padding) {
  /** The place of the axis of shards. */
  public enum ShardAxis {
    /** {@code [shards, tokens, heads]}, or with heads before tokens. */
    FIRST(0),
    /** {@code [tokens, shards, heads]}, or with heads and tokens exchanged. */
    SECOND(1),
    /** {@code [tokens, heads, shards]}, or with heads before tokens. */
    THIRD(2);

    private final int place;

    ShardAxis(int place) {
      this.place = place;
    }

    /** How many axes stand before that of shards. */
    public int place() {
      return place;
    }
  }

  /** How weights lie in memory. */
  public enum Packing {
    /** In an array of their own; maxima and sums in two. */
    SEPARATE,
    /**
     * Behind the components of each output, in the output's format: the low and then the high 16
     * bits of an FP32 log-sum-exp behind 16-bit components, or the log-sum-exp itself behind FP32
     * components.
     */
    BEHIND_OUTPUT,
    /** Maxima and sums side by side in one array, {@code [..., 2]}. */
    PAIRS
  }

  /**
   * Heads and components that hold anything and whose answers nobody reads.
   *
   * @param heads number of heads behind the real ones
   * @param components number of components behind the real ones, as a larger stride makes them
   */
  public record Padding(int heads, int components) {
    /** No padding. */
    public static final Padding NONE = new Padding(0, 0);

    /** Checks the sizes. */
    public Padding {
      if (heads < 0 || components < 0) {
        throw new IllegalArgumentException(
            "padding: expected 0 or more heads and components, got %d and %d"
                .formatted(heads, components));
      }
    }
  }

  /** Dense arrays with shards first and tokens before heads. */
  public static final Layout TOKENS_FIRST = dense(AxisOrder.TOKENS_FIRST, AxisOrder.TOKENS_FIRST);

  /** Dense arrays with shards first. */
  public static Layout dense(AxisOrder outputs, AxisOrder lses) {
    return new Layout(outputs, lses, ShardAxis.FIRST, Packing.SEPARATE, Padding.NONE);
  }

  /** This layout with shards at another place. */
  public Layout shards(ShardAxis place) {
    return new Layout(outputs, lses, place, packing, padding);
  }

  /** This layout with weights packed in another way. */
  public Layout packed(Packing other) {
    return new Layout(outputs, lses, shards, other, padding);
  }

  /** This layout with padding. */
  public Layout padded(Padding other) {
    return new Layout(outputs, lses, shards, packing, other);
  }

  /** This layout with log-sum-exps in another order. */
  public Layout lsesOrdered(AxisOrder order) {
    return new Layout(outputs, order, shards, packing, padding);
  }

  /** This layout with both outputs and log-sum-exps in one order. */
  public Layout ordered(AxisOrder order) {
    return new Layout(order, order, shards, packing, padding);
  }
}

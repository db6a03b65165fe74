package dev.helix.ffn.helix;

/**
 * The exchanges for a mixture of experts among ranks that all have the whole hidden state. The
 * choices differ in time, but none changes a bit of the exact reading.
 *
 * @param router how the router is divided among ranks
 * @param reduction how the ranks' terms become the output
 */
public record MoeExchange(Router router, Reduction reduction) {
  /**
   * The replicated router and one all-reduce.
   *
   * <p>A router is small (DeepSeek-R1's takes about half a microsecond to read), but gathering its
   * logits costs the latency of an exchange in each layer. An all-gather between expert groups
   * brings each rank (EP − 1)·B·H numbers, and an all-reduce at most 2·B·H. And the shared expert
   * needs no all-reduce of its own.
   */
  public static final MoeExchange DEFAULT = new MoeExchange(Router.REPLICATED, Reduction.ONE);

  /** Says how the router is divided among ranks, which the paper does not mention. */
  public enum Router {
    /**
     * Every rank has all rows of the router, and computes the same logits from the same numbers.
     */
    REPLICATED("replicated"),
    /** The rows of the router are split over the N ranks, and the logits are gathered. */
    SPLIT("split");

    private final String words;

    Router(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Says how the ranks' terms become the output. */
  public enum Reduction {
    /** One all-reduce over all N ranks, of routed and shared experts together. */
    ONE("one-all-reduce"),
    /**
     * An all-reduce inside each expert group, an all-gather between groups and a local sum (Helix
     * Parallelism §2.2), with an all-reduce of its own for the shared expert.
     */
    BY_GROUP("by-group");

    private final String words;

    Reduction(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}

package dev.helix.ffn.helix;

/**
 * What ranks that all have the whole hidden state exchange for a mixture of experts. No choice
 * changes a bit of the exact reading; they differ in time.
 *
 * @param router how the router is spread
 * @param reduction how the ranks' terms become the output
 */
public record MoeExchange(Router router, Reduction reduction) {
  /**
   * The router replicated and one all-reduce. A router is small (DeepSeek-R1's takes about half a
   * microsecond to read), while gathering its logits costs the latency of an exchange in each
   * layer; an all-gather between expert groups brings each rank (EP − 1)·B·H numbers, an all-reduce
   * at most 2·B·H; and the shared expert needs no all-reduce of its own.
   */
  public static final MoeExchange DEFAULT = new MoeExchange(Router.REPLICATED, Reduction.ONE);

  /** How the router is spread. The paper does not speak of it. */
  public enum Router {
    /** Every rank has all its rows, and the same logits from the same numbers. */
    REPLICATED("replicated"),
    /** Its rows are split over the N ranks, and the logits are gathered. */
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

  /** How the ranks' terms become the output. */
  public enum Reduction {
    /** One all-reduce over all N ranks, of routed and shared experts together. */
    ONE("one-all-reduce"),
    /**
     * All-reduce inside each expert group, all-gather between groups, local reduction (Helix
     * Parallelism §2.2); an all-reduce of its own for the shared expert.
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

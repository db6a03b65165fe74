package dev.helix.attention.convention;

import dev.helix.tensor.InvalidInputException;

/**
 * How the parts come together: how they travel, in which order they are summed, and what an
 * implementation promises about its weights. An implementation that promises more is held to a
 * tighter bound.
 *
 * @param exchange how the parts travel
 * @param order the order in which weighted outputs are summed
 * @param renormalises whether the weights are divided by their own sum, so that they sum to 1
 *     whatever the merged log-sum-exp was rounded to. If not, part i has the weight exp(LSEᵢ − LSE)
 *     with an LSE that was rounded
 * @param folds whether parts may be merged one after the other through finished pairs (O, LSE),
 *     each of which is rounded
 */
public record Protocol(Exchange exchange, SumOrder order, boolean renormalises, boolean folds) {
  /** How partial outputs come to the rank that needs them. */
  public enum Exchange {
    /** Nothing is said; any of the others may be meant. */
    UNSTATED,
    /** One kernel reads all parts from the memory of its own GPU. */
    ONE_KERNEL,
    /** Each rank is sent all parts of its own heads, and merges them. */
    ALL_TO_ALL,
    /**
     * Log-sum-exps are gathered, each rank scales its own part, and a reduce-scatter or all-reduce
     * sums the scaled parts.
     */
    SCALE_AND_REDUCE,
    /** Parts arrive one by one from the neighbour in a ring, and are merged into a running pair. */
    RING
  }

  /** The order of a sum. */
  public enum SumOrder {
    /** From the first shard to the last. */
    SHARDS,
    /** Any order or tree, as of a collective, which may differ from run to run. */
    ANY
  }

  /**
   * What is assumed of a merge that says nothing: any careful order and form, through finished
   * pairs too.
   */
  public static final Protocol UNSTATED = new Protocol(Exchange.UNSTATED, SumOrder.ANY, true, true);

  /** All parts are summed at once with weights that are divided by their sum. */
  public static final Protocol ALL_TO_ALL =
      new Protocol(Exchange.ALL_TO_ALL, SumOrder.SHARDS, true, false);

  /** Each rank scales its own part by exp(LSEᵢ − LSE), and a collective sums them. */
  public static final Protocol SCALE_AND_REDUCE =
      new Protocol(Exchange.SCALE_AND_REDUCE, SumOrder.ANY, false, false);

  /** One kernel sums the parts with weights that are divided by their sum. */
  public static final Protocol ONE_KERNEL =
      new Protocol(Exchange.ONE_KERNEL, SumOrder.SHARDS, true, false);

  /** One kernel sums the parts with the weights exp(LSEᵢ − LSE). */
  public static final Protocol ONE_KERNEL_BY_LSE =
      new Protocol(Exchange.ONE_KERNEL, SumOrder.SHARDS, false, false);

  /** A running pair (O, LSE) is merged with one part after the other. */
  public static final Protocol RING = new Protocol(Exchange.RING, SumOrder.SHARDS, true, true);

  /**
   * Checks that the declarations fit each other.
   *
   * @throws InvalidInputException if ranks that scale their own parts shall fold them, which they
   *     never hold together; or if a ring shall not fold
   */
  public Protocol {
    if (exchange == Exchange.SCALE_AND_REDUCE && folds) {
      throw new InvalidInputException(
          "protocol: ranks that scale their own parts never fold finished pairs");
    }
    if (exchange == Exchange.RING && !folds) {
      throw new InvalidInputException("protocol: a ring folds finished pairs, expected folds");
    }
  }

  /** This protocol with weights that are, or are not, divided by their own sum. */
  public Protocol renormalising(boolean does) {
    return new Protocol(exchange, order, does, folds);
  }

  /** This protocol with parts that are, or are not, merged through finished pairs. */
  public Protocol folding(boolean does) {
    return new Protocol(exchange, order, renormalises, does);
  }
}

package dev.helix.ffn.helix;

/**
 * The settings of one layer of experts, which are the same on all ranks.
 *
 * @param sharding which experts and which of their columns each rank has
 * @param exchange what the ranks exchange
 */
public record MoeSettings(MoeSharding sharding, MoeExchange exchange) {
  /**
   * Number of rows of the router on each rank: all E, or ⌈E/N⌉, of which the last may be padding.
   */
  public int routerRows() {
    int experts = sharding.shape().experts();
    return switch (exchange.router()) {
      case REPLICATED -> experts;
      case SPLIT -> (experts - 1) / sharding.layout().ranks() + 1;
    };
  }
}

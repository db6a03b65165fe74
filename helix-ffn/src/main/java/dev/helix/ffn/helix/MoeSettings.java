package dev.helix.ffn.helix;

/**
 * How the ranks run one layer of experts; the same on all of them.
 *
 * @param sharding which experts and which of their columns each rank has
 * @param exchange what the ranks exchange
 */
public record MoeSettings(MoeSharding sharding, MoeExchange exchange) {
  /** Rows of the router on each rank: all E, or ⌈E/N⌉ of which the last may be padding. */
  public int routerRows() {
    int experts = sharding.shape().experts();
    return switch (exchange.router()) {
      case REPLICATED -> experts;
      case SPLIT -> (experts - 1) / sharding.layout().ranks() + 1;
    };
  }
}

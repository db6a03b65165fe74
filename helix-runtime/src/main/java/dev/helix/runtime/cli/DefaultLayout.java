package dev.helix.runtime.cli;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.Optional;

/**
 * The layout in which {@code helix time} sees a model, where the user leaves widths open: 64 GPUs,
 * KVP 8 × TPA 8, or KVP 64 with latent attention, fewer where 64 do not divide the query heads;
 * experts on all of them if they divide the experts.
 */
final class DefaultLayout {
  private static final int GPUS = 64;

  private DefaultLayout() {}

  /**
   * The layout with the widths that are given.
   *
   * @throws InvalidInputException if a width does not divide the ranks
   */
  static Layout of(
      ModelConfig config,
      Optional<Integer> kvp,
      Optional<Integer> tpa,
      Optional<Integer> tpf,
      Optional<Integer> ep) {
    boolean latent = config.latent().isPresent();
    int heads = config.latent().map(shape -> shape.heads()).orElse(config.attention().queryHeads());
    int most = greatestDivisor(GPUS, heads, GPUS);
    int kvGroups =
        latent
            ? 1
            : greatestDivisor(most, config.attention().kvHeads(), (int) Math.sqrt((double) most));
    Layout attention = Layout.dense(kvp.orElse(most / kvGroups), tpa.orElse(kvGroups));
    int ranks = attention.ranks();
    int experts = config.mixture().map(mixture -> mixture.shape().experts()).orElse(1);
    int groups =
        ep.orElseGet(
            () ->
                tpf.map(width -> share("TPF", width, ranks))
                    .orElse(experts % ranks == 0 ? ranks : 1));
    int columns = tpf.orElseGet(() -> share("EP", groups, ranks));
    return new Layout(attention.kvp(), attention.tpa(), columns, groups);
  }

  /** The greatest number of at most {@code most} that divides both. */
  private static int greatestDivisor(int one, int other, int most) {
    int divisor = most;
    while (one % divisor != 0 || other % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** How many of the ranks are left for the other width of the FFN. */
  static int share(String name, int width, int ranks) {
    if (width < 1 || ranks % width != 0) {
      throw new InvalidInputException(
          "%s (%d) must divide the KVP × TPA ranks (%d)".formatted(name, width, ranks));
    }
    return ranks / width;
  }
}

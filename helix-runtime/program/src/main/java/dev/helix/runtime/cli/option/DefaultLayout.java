package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.Optional;

/** The layouts that commands use if the user leaves widths open. */
public enum DefaultLayout {
  /**
   * The layout of a run. It has eight ranks, which are threads, as KVP 4 × TPA 2, or KVP 8 with
   * latent attention. All of them are TPF.
   */
  SIMULATED {
    @Override
    Layout attention(ModelConfig config) {
      return config.latent().isPresent() ? Layout.dense(8, 1) : Layout.dense(4, 2);
    }

    @Override
    int expertGroups(ModelConfig config, int ranks) {
      return 1;
    }

    @Override
    int stageTpa() {
      return 2;
    }

    @Override
    int groups() {
      return 2;
    }

    @Override
    int groupTpa(ModelConfig config) {
      return 1;
    }

    @Override
    int fixedGroup(int kvp, int tpa) {
      return tpa;
    }
  },

  /**
   * The layout of a deployed model. It has 64 GPUs as KVP 8 × TPA 8, or KVP 64 with latent
   * attention, and fewer if 64 do not divide the query heads. If they divide the experts, all of
   * them are EP.
   */
  DEPLOYED {
    @Override
    Layout attention(ModelConfig config) {
      boolean latent = config.latent().isPresent();
      int heads =
          config.latent().map(shape -> shape.heads()).orElse(config.attention().queryHeads());
      int most = greatestDivisor(GPUS, heads, GPUS);
      int kvGroups =
          latent
              ? 1
              : greatestDivisor(most, config.attention().kvHeads(), (int) Math.sqrt((double) most));
      return Layout.dense(most / kvGroups, kvGroups);
    }

    @Override
    int expertGroups(ModelConfig config, int ranks) {
      int experts = config.mixture().map(mixture -> mixture.shape().experts()).orElse(1);
      return experts % ranks == 0 ? ranks : 1;
    }

    @Override
    int stageTpa() {
      return 8;
    }

    @Override
    int groups() {
      return 8;
    }

    @Override
    int groupTpa(ModelConfig config) {
      return config.latent().isPresent() ? 1 : attention(config).tpa();
    }

    @Override
    int fixedGroup(int kvp, int tpa) {
      int most = Math.min(kvp, Math.max(1, SERVER / Math.max(1, tpa)));
      return tpa * (most < 1 ? 1 : greatestDivisor(kvp, kvp, most));
    }
  };

  private static final int GPUS = 64;

  /** Medha's fixed group is a server of eight GPUs, over which the weights of large models fit. */
  private static final int SERVER = 8;

  /** KVP and TPA if neither is given. */
  abstract Layout attention(ModelConfig config);

  /** EP if neither EP nor TPF is given. */
  abstract int expertGroups(ModelConfig config, int ranks);

  /** TPA of a stage of a pipeline. */
  abstract int stageTpa();

  /** Number of data parallel groups. */
  abstract int groups();

  /** TPA of a data parallel group. */
  abstract int groupTpa(ModelConfig config);

  /** Number of ranks in Medha's fixed group: a multiple of TPA that divides KVP × TPA. */
  abstract int fixedGroup(int kvp, int tpa);

  /** The layout if no width is given. */
  public Layout of(ModelConfig config) {
    Optional<Integer> open = Optional.empty();
    return of(config, open, open, open, open);
  }

  /**
   * The layout with the widths that are given.
   *
   * @throws InvalidInputException if a width does not divide the ranks
   */
  Layout of(
      ModelConfig config,
      Optional<Integer> kvp,
      Optional<Integer> tpa,
      Optional<Integer> tpf,
      Optional<Integer> ep) {
    Layout open = attention(config);
    Layout attention = Layout.dense(kvp.orElse(open.kvp()), tpa.orElse(open.tpa()));
    int ranks = attention.ranks();
    int groups =
        ep.orElseGet(
            () ->
                tpf.map(width -> share("TPF", width, ranks))
                    .orElseGet(() -> expertGroups(config, ranks)));
    int columns = tpf.orElseGet(() -> share("EP", groups, ranks));
    return new Layout(attention.kvp(), attention.tpa(), columns, groups);
  }

  /**
   * A layout without KVP, all of whose ranks are TPF unless another width is given.
   *
   * @throws InvalidInputException if a width does not divide TPA
   */
  static Layout tensorParallel(int tpa, Optional<Integer> tpf, Optional<Integer> ep) {
    Layout attention = Layout.dense(1, tpa);
    int groups = ep.orElseGet(() -> tpf.map(width -> share("TPF", width, tpa)).orElse(1));
    int columns = tpf.orElseGet(() -> share("EP", groups, tpa));
    return new Layout(1, attention.tpa(), columns, groups);
  }

  /** The greatest number that divides both and is at most {@code most}. */
  private static int greatestDivisor(int one, int other, int most) {
    int divisor = most;
    while (one % divisor != 0 || other % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** How many of the ranks remain for the other width of the FFN. */
  private static int share(String name, int width, int ranks) {
    if (width < 1 || ranks % width != 0) {
      throw new InvalidInputException(
          "%s (%d) must divide the KVP × TPA ranks (%d)".formatted(name, width, ranks));
    }
    return ranks / width;
  }
}

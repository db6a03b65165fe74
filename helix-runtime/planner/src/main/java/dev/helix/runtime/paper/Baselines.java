package dev.helix.runtime.paper;

import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import java.util.function.Predicate;

/**
 * What Helix is compared with. The paper names TP, PP, EP and Medha-style KVP, and leaves open
 * whether attention may be data parallel and how wide Medha's fixed group is (Helix Parallelism
 * §3.1).
 */
public enum Baselines {
  TP_ALONE("TP"),
  WITH_PIPELINE("TP, TP x PP"),
  /** The reading that the claims are held against. */
  MEDHA_AS_TPA("TP, TP x PP, Medha with its FFN as wide as TPA"),
  MEDHA_DUPLICATED("TP, TP x PP, Medha as wide as TPA, caches duplicated beyond K"),
  MEDHA_ON_EIGHT("TP, TP x PP, Medha with its FFN on at most 8 GPUs"),
  MEDHA_ON_ALL("TP, TP x PP, Medha with its FFN on all GPUs"),
  WITH_DATA_PARALLEL("TP, TP x PP, Medha as wide as TPA, DP + EP"),
  EVERYTHING("all of these");

  private final String words;

  Baselines(String words) {
    this.words = words;
  }

  /**
   * Whether a point belongs to the baseline.
   *
   * @param kvHeads K of the model, beyond which TPA duplicates the cache; 1 for latent attention
   */
  public Predicate<Point> has(int kvHeads) {
    return point -> has(point.configuration().plan(), kvHeads);
  }

  private boolean has(Plan plan, int kvHeads) {
    return switch (plan.kind()) {
      case TP -> true;
      case TP_PP -> this != TP_ALONE;
      case MEDHA -> hasMedha(plan, kvHeads);
      case DP_EP -> this == WITH_DATA_PARALLEL || this == EVERYTHING;
      case HELIX, DP_HELIX -> false;
    };
  }

  private boolean hasMedha(Plan plan, int kvHeads) {
    boolean asTpa = plan.ffnWidth() == plan.tpa();
    boolean once = plan.tpa() <= kvHeads;
    return switch (this) {
      case TP_ALONE, WITH_PIPELINE -> false;
      case MEDHA_AS_TPA, WITH_DATA_PARALLEL -> asTpa && once;
      case MEDHA_DUPLICATED -> asTpa;
      case MEDHA_ON_EIGHT -> once && (asTpa || plan.ffnWidth() <= 8);
      case MEDHA_ON_ALL, EVERYTHING -> true;
    };
  }

  @Override
  public String toString() {
    return words;
  }
}

package dev.helix.runtime.paper;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import java.util.List;
import java.util.function.Predicate;

/**
 * The sweep of one model in the setting of the paper's claims: a million tokens, FP4, up to 64
 * GB200, the preset {@code paper}.
 *
 * @param model name of the model
 * @param kvHeads K; 1 for latent attention
 */
public record ModelStudy(String model, int kvHeads, Sweep sweep) {
  /** The number of tokens of the claims. */
  public static final int CONTEXT = 1_000_000;

  /** The most GPUs of the claims. */
  public static final int GPUS = 64;

  /** Both models of the paper. */
  public static final List<String> MODELS = ModelShape.NAMES;

  /** What is tried: all strategies, and batches on the grid of the claims. */
  public static SearchSpace space() {
    return new SearchSpace(
        GPUS, List.of(StrategyKind.values()), SearchSpace.COARSE_BATCHES, SearchSpace.Pieces.ALL);
  }

  /** The setting of a model. */
  public static Deployment deployment(String model) {
    return deployment(model, DeployedPrecision.FP4);
  }

  static Deployment deployment(String model, DeployedPrecision precision) {
    return new Deployment(
        ModelShape.of(model).config(), Machine.named("gb200", "paper"), precision, CONTEXT);
  }

  /**
   * Runs the sweep of a model with Helix and TP alone, which takes seconds. Its claims are those of
   * the binding reading, whose other rivals do not reach the best TTL of TP.
   */
  public static ModelStudy againstTp(String model) {
    Deployment deployment = deployment(model);
    SearchSpace space =
        new SearchSpace(
            GPUS,
            List.of(StrategyKind.TP, StrategyKind.HELIX),
            SearchSpace.COARSE_BATCHES,
            SearchSpace.Pieces.ALL);
    return of(model, deployment.model(), Sweep.of(deployment, space, (done, all) -> {}));
  }

  /** Runs the sweep of a model. */
  public static ModelStudy of(String model, Sweep.Progress progress) {
    Deployment deployment = deployment(model);
    return of(model, deployment.model(), Sweep.of(deployment, space(), progress));
  }

  static ModelStudy of(String model, ModelConfig config, Sweep sweep) {
    return new ModelStudy(model, config.attention().kvHeads(), sweep);
  }

  /** Ways to count HOP-B. */
  public enum Overlap {
    IDEALISED("HOP-B idealised"),
    PER_PIECE("HOP-B per piece"),
    OFF("HOP-B off");

    private final String words;

    Overlap(String words) {
      this.words = words;
    }

    /** Whether a configuration is allowed. */
    boolean allows(HopB hopB) {
      return !hopB.isOn()
          || (this == IDEALISED && hopB.accounting() == Accounting.IDEALISED)
          || (this == PER_PIECE && hopB.accounting() == Accounting.PER_PIECE);
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * The frontier of Helix.
   *
   * @param groups whether data parallel groups of Helix belong to it
   */
  public Frontier helix(Overlap overlap, boolean groups) {
    return sweep.frontier(isHelix(groups).and(p -> overlap.allows(p.configuration().hopB())));
  }

  private static Predicate<Point> isHelix(boolean groups) {
    return point ->
        groups
            ? point.configuration().plan().kind().isHelix()
            : point.configuration().plan().kind() == StrategyKind.HELIX;
  }

  /** The frontier of what Helix is compared with. */
  public Frontier baseline(Baselines baselines) {
    return sweep.frontier(baselines.has(kvHeads));
  }

  /** The reading that the claims are held against. */
  public Comparison binding() {
    return new Comparison(helix(Overlap.IDEALISED, false), baseline(Baselines.MEDHA_AS_TPA));
  }

  /**
   * The greatest share of TTL that HOP-B saves at the same layout and batch, among the points of
   * the frontier.
   */
  public double greatestGainAtEqualLayout(Overlap overlap) {
    return helix(overlap, false).points().stream().mapToDouble(this::gain).max().orElse(0);
  }

  private double gain(Point on) {
    return sweep.points().stream()
        .filter(
            off ->
                !off.configuration().hopB().isOn()
                    && off.configuration().batch() == on.configuration().batch()
                    && off.configuration().plan().equals(on.configuration().plan()))
        .mapToDouble(off -> 1 - on.ttlMicros() / off.ttlMicros())
        .max()
        .orElse(0);
  }
}

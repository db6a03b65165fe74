package dev.helix.runtime.paper;

/**
 * What Helix loses without HOP-B, as a share of tokens/s/user (Helix Parallelism §3.2).
 *
 * @param published the published share
 * @param ours the greatest share at equal tokens/s/GPU
 * @param atEqualLayout the greatest share at the same layout and batch
 */
public record HopBLoss(double published, double ours, double atEqualLayout) {
  /** The loss of a model, with HOP-B idealised. */
  public static HopBLoss of(ModelStudy study) {
    return new HopBLoss(
        study.model().startsWith("llama") ? 0.12 : 0.01,
        Comparison.greatestLoss(
            study.helix(ModelStudy.Overlap.IDEALISED, false),
            study.helix(ModelStudy.Overlap.OFF, false)),
        study.greatestGainAtEqualLayout(ModelStudy.Overlap.IDEALISED));
  }

  /** Ours over the published one. */
  public double ratio() {
    return ours / published;
  }

  /** Whether ours is as near the published one as a reproduced claim has to be. */
  public boolean isReproduced() {
    return Math.abs(ratio() - 1) <= Claim.AIM;
  }
}

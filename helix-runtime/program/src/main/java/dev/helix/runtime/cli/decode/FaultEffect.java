package dev.helix.runtime.cli.decode;

import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;

/** Says whether a fault that was switched on has changed a logit, by a run without it. */
final class FaultEffect {
  static final String NONE =
      "the fault changed no logit of this run: with it and without it all of them have the same"
          + " bits";

  private FaultEffect() {}

  /**
   * Decodes again without the fault and compares all logits, bit for bit.
   *
   * @param healthy the plan without the fault
   * @param reading a reading for the plan that no run has used yet
   * @param faulty the result of the run with it
   */
  static boolean isNone(DecodePlan healthy, Reading<?> reading, DecodeResult faulty) {
    DecodePlan again =
        new DecodePlan(
            healthy.checkpoint(),
            healthy.strategy(),
            healthy.requests(),
            Recording.STEPS,
            healthy.cache());
    DecodeResult right =
        new DecodeRun(new ThreadRanks()).decode(again, reading, new DecodeListener() {});
    return LogitsDigest.ofAll(right).equals(LogitsDigest.ofAll(faulty));
  }
}

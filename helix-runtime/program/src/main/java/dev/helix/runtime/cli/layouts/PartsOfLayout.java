package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.MeteredReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LayoutsReport;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.fp64.Fp64Tensor;

/**
 * Decodes a plan once more in double precision, holds every part of every layer against the
 * unsharded baseline, and meters what ranks send.
 */
final class PartsOfLayout {
  private PartsOfLayout() {}

  static LayoutsReport.Parts of(DecodePlan plan) {
    DecodePlan recorded =
        new DecodePlan(
            plan.checkpoint(), plan.strategy(), plan.requests(), Recording.TAPS, plan.cache());
    MeteredReading<Fp64Tensor> reading = new MeteredReading<>(new Fp64Reading());
    DecodeResult result =
        new DecodeRun(new ThreadRanks()).decode(recorded, reading, new DecodeListener() {});
    Verification verification = Verifier.partByPart(recorded, result, result.taps().orElseThrow());
    return new LayoutsReport.Parts(
        verification.passed(), verification.worstShare(), reading.mostSent());
  }
}

package dev.helix.laws.strategy;

import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.trace.Operation;
import java.util.List;
import java.util.Optional;

/** The run of a case by one implementation, and what was found of it so far. */
final class StrategyRun {
  private final DecodePlan plan;
  private final DecodeResult result;
  private Optional<Verification> verification = Optional.empty();

  /**
   * @param plan the plan, whose checkpoint stays open
   */
  StrategyRun(DecodePlan plan, DecodeResult result) {
    this.plan = plan;
    this.result = result;
  }

  DecodePlan plan() {
    return plan;
  }

  DecodeResult result() {
    return result;
  }

  /** The comparison of each part with the baseline, from the hidden state that the ranks had. */
  Verification verification() {
    if (verification.isEmpty()) {
      verification = Optional.of(Verifier.partByPart(plan, result, result.taps().orElseThrow()));
    }
    return verification.get();
  }

  /** The launches of the first rank in all steps, as they are traced. */
  List<Operation> launches() {
    return StepTracer.ofRun(plan, result, DeployedPrecision.FP4).stream()
        .flatMap(step -> step.of(0).operations().stream())
        .toList();
  }
}

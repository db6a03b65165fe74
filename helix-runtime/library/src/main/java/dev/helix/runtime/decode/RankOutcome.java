package dev.helix.runtime.decode;

import dev.helix.runtime.record.RunRecord;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one rank, with everything that no rank before it has. Only the rank that reports
 * has the steps.
 *
 * @param record the record of this rank
 * @param logits the logits of sampled rows, in the order of the run
 * @param difference the first tap point at which another rank's copy differed from this rank's
 * @param seconds from the first step to the end of the last
 */
record RankOutcome(
    RunRecord record, List<SampledLogits> logits, Optional<String> difference, double seconds) {
  RankOutcome {
    logits = List.copyOf(logits);
  }

  /** The same outcome for a rank that does not report. */
  RankOutcome withoutSteps() {
    RunRecord rest = new RunRecord(List.of(), record.taps(), record.attention(), record.cache());
    return new RankOutcome(rest, logits, difference, seconds);
  }
}

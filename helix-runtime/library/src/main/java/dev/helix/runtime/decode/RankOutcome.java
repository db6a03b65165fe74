package dev.helix.runtime.decode;

import dev.helix.runtime.record.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one rank brings home. The rank that reports brings the steps, the logits, what was recorded
 * and what came of the comparison of the ranks; the others bring what they alone have seen.
 *
 * @param record of this rank
 * @param logits for each of the record's steps, for each sampled row, {@code [vocabulary]}
 * @param difference the first place where a rank's copy differed from this rank's
 * @param seconds from the first step to the end of the last
 */
record RankOutcome(
    RunRecord record, List<List<double[]>> logits, Optional<String> difference, double seconds) {
  RankOutcome {
    logits = List.copyOf(logits);
  }

  /** What a rank brings home that does not report: what it alone has seen. */
  RankOutcome ofOneAmongOthers() {
    return new RankOutcome(
        new RunRecord(List.of(), Optional.empty(), record.attention()),
        List.of(),
        Optional.empty(),
        seconds);
  }

  /** For each new token of a request the logits that it was chosen from. */
  List<double[]> logitsOf(int request) {
    List<double[]> own = new ArrayList<>();
    for (int step = 0; step < logits.size(); step++) {
      List<Integer> sampled = record.steps().get(step).sampledRequests();
      for (int i = 0; i < sampled.size(); i++) {
        if (sampled.get(i) == request) {
          own.add(logits.get(step).get(i));
        }
      }
    }
    return own;
  }
}

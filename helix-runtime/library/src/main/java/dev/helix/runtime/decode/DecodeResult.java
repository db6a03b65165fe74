package dev.helix.runtime.decode;

import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.TapRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run over all ranks has produced.
 *
 * @param requests in the order given
 * @param record what the run did, and what it computed as far as that was recorded
 * @param rankDifference the first place where a rank's copy of a replicated tensor differed from
 *     rank 0's, if the run was recorded and there is one
 * @param seconds from the first step to the end of the last
 */
public record DecodeResult(
    List<Request> requests, RunRecord record, Optional<String> rankDifference, double seconds) {

  /**
   * One request's outcome.
   *
   * @param prompt token ids
   * @param newTokens token ids decoded
   * @param logits for each new token the logits that it was chosen from, {@code [vocabulary]}
   */
  public record Request(List<Integer> prompt, List<Integer> newTokens, List<double[]> logits) {
    /** The tokens that were read, and so are in the cache: all but the last new one. */
    public List<Integer> cached() {
      List<Integer> tokens = new ArrayList<>(prompt);
      tokens.addAll(newTokens.subList(0, newTokens.size() - 1));
      return tokens;
    }
  }

  /** What was computed at every tap point; empty if that was not recorded. */
  public Optional<TapRecord> taps() {
    return record.taps();
  }

  /** New tokens of all requests for each second of the run, the reading of prompts included. */
  public double tokensPerSecond() {
    return requests.stream().mapToInt(request -> request.newTokens().size()).sum() / seconds;
  }
}

package dev.helix.runtime.decode;

import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.TapRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The result of a run over all ranks.
 *
 * @param requests in the order given
 * @param record what the run did, and as much of what it computed as was recorded
 * @param rankDifference the first tap point at which a rank's copy of a replicated tensor differed
 *     from rank 0's, if the run was recorded and there is one
 * @param seconds from the first step to the end of the last
 */
public record DecodeResult(
    List<Request> requests, RunRecord record, Optional<String> rankDifference, double seconds) {

  /**
   * The result of one request.
   *
   * @param prompt token ids
   * @param newTokens token ids decoded
   * @param logits the logits that each new token was chosen from, {@code [vocabulary]}
   */
  public record Request(List<Integer> prompt, List<Integer> newTokens, List<double[]> logits) {
    /** The tokens that are in the cache because they were read: all except the last new one. */
    public List<Integer> cached() {
      List<Integer> tokens = new ArrayList<>(prompt);
      tokens.addAll(newTokens.subList(0, newTokens.size() - 1));
      return tokens;
    }
  }

  /** What was computed at every tap point; empty if it was not recorded. */
  public Optional<TapRecord> taps() {
    return record.taps();
  }

  /**
   * New tokens of all requests per second of the run, including the time in which prompts are read.
   */
  public double tokensPerSecond() {
    return requests.stream().mapToInt(request -> request.newTokens().size()).sum() / seconds;
  }
}

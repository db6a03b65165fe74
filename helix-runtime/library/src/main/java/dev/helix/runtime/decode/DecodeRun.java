package dev.helix.runtime.decode;

import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.RunRecord;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a plan over ranks that are threads of this JVM, and puts together what they bring home. */
public final class DecodeRun {
  private DecodeRun() {}

  /**
   * Decodes all requests of a plan.
   *
   * @throws RankFailure if a rank fails: then all of them have stopped
   */
  public static <T extends Tensor> DecodeResult decode(
      DecodePlan plan, Reading<T> reading, DecodeListener listener) {
    return decode(plan, new RankDecode<>(plan, reading, listener, Optional.empty()));
  }

  /**
   * Decodes in step with another run of the same requests: the tokens are the other's, and each
   * part of the decoder starts from the hidden state that the other had there. What the record
   * shows to differ has been made within one part.
   *
   * @param leader the other run
   * @param leaderRecord what it computed
   * @throws IllegalArgumentException if the runs' requests differ
   * @throws RankFailure if a rank fails
   */
  public static <T extends Tensor> DecodeResult lockstep(
      DecodePlan plan,
      Reading<T> reading,
      DecodeListener listener,
      DecodeResult leader,
      RunRecord leaderRecord) {
    List<DecodeRequest> forced = new ArrayList<>();
    for (DecodeResult.Request request : leader.requests()) {
      forced.add(
          new DecodeRequest(request.prompt(), request.newTokens().size(), request.newTokens()));
    }
    DecodePlan same = plan.recording(forced);
    return decode(same, new RankDecode<>(same, reading, listener, Optional.of(leaderRecord)));
  }

  private static <T extends Tensor> DecodeResult decode(DecodePlan plan, RankDecode<T> program) {
    List<RankDecode.Outcome> outcomes = ThreadRanks.run(plan.layout().ranks(), program);
    RankDecode.Outcome first = outcomes.get(0);
    List<DecodeResult.Request> requests = new ArrayList<>();
    for (int index = 0; index < plan.requests().size(); index++) {
      List<double[]> logits = first.logits().get(index);
      DecodeRequest request = plan.requests().get(index);
      List<Integer> newTokens = new ArrayList<>();
      for (double[] chosenFrom : logits) {
        newTokens.add(request.choose(newTokens.size(), chosenFrom));
      }
      requests.add(new DecodeResult.Request(request.prompt(), newTokens, logits));
    }
    Optional<RunRecord> record = plan.recorded() ? first.record() : Optional.empty();
    return new DecodeResult(requests, record, firstDifference(outcomes), first.seconds());
  }

  private static Optional<String> firstDifference(List<RankDecode.Outcome> outcomes) {
    for (int rank = 1; rank < outcomes.size(); rank++) {
      Optional<String> difference =
          outcomes.get(rank).agreement().firstDifference(rank, outcomes.get(0).agreement());
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }
}

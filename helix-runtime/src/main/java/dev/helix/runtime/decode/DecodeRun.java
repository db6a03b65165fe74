package dev.helix.runtime.decode;

import dev.helix.runtime.ranks.ThreadRanks;
import dev.helix.runtime.reading.Reading;
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
    List<RankDecode.Outcome> outcomes =
        ThreadRanks.run(plan.layout().ranks(), new RankDecode<>(plan, reading, listener));
    RankDecode.Outcome first = outcomes.get(0);
    List<DecodeResult.Request> requests = new ArrayList<>();
    for (int index = 0; index < plan.requests().size(); index++) {
      List<double[]> logits = first.logits().get(index);
      List<Integer> newTokens = logits.stream().map(Greedy::choose).toList();
      List<Integer> prompt = plan.requests().get(index).prompt();
      requests.add(new DecodeResult.Request(prompt, newTokens, logits));
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

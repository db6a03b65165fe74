package dev.helix.runtime.decode;

import dev.helix.ffn.FfnShape;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.InvalidInputException;
import java.util.List;

/**
 * Everything that a run needs, checked. It is the same on all ranks.
 *
 * @param checkpoint stays open until the run, and its verification if there is one, are done
 * @param strategy how the model is spread over ranks
 * @param requests at least one; the index of a request is its number
 * @param recording how much of what it computes the run keeps
 */
public record DecodePlan(
    Checkpoint checkpoint, Strategy strategy, List<DecodeRequest> requests, Recording recording) {
  /**
   * Checks the requests and the strategy.
   *
   * @throws InvalidInputException if the strategy cannot spread the model or the requests, a token
   *     is not in the vocabulary, or a request is longer than the model's positions
   */
  public DecodePlan {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new InvalidInputException("no prompt: expected at least one request");
    }
    ModelConfig model = checkpoint.config();
    strategy.requireFits(model);
    strategy.requireBatch(requests.size());
    for (int index = 0; index < requests.size(); index++) {
      check(index, requests.get(index), model);
    }
  }

  /** The same plan with other requests, recorded. */
  DecodePlan recording(List<DecodeRequest> others) {
    return new DecodePlan(checkpoint, strategy, others, Recording.TAPS);
  }

  public ModelConfig model() {
    return checkpoint.config();
  }

  /** The shape of the model's dense FFN. */
  public FfnShape ffn() {
    return new FfnShape(model().attention().hidden(), model().intermediateSize());
  }

  private static void check(int index, DecodeRequest request, ModelConfig model) {
    for (int token : request.prompt()) {
      if (token < 0 || token >= model.vocabularySize()) {
        throw new InvalidInputException(
            "request %d: token %d is not in the vocabulary, expected 0 to %d"
                .formatted(index, token, model.vocabularySize() - 1));
      }
    }
    long positions = (long) request.prompt().size() + request.maxNew() - 1;
    if (positions > model.maxPositions()) {
      throw new InvalidInputException(
          "request %d: a prompt of %d tokens and %d new ones need %d positions; the model has %d (max_position_embeddings)"
              .formatted(
                  index,
                  request.prompt().size(),
                  request.maxNew(),
                  positions,
                  model.maxPositions()));
    }
  }
}

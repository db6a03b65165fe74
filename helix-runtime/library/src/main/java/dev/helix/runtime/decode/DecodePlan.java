package dev.helix.runtime.decode;

import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.ffn.FfnShape;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import java.util.List;

/**
 * Everything that a run needs, checked. It is the same on all ranks.
 *
 * @param checkpoint stays open until the run, and its verification if there is one, are done
 * @param strategy how the model is spread over ranks
 * @param requests at least one; the index of a request is its number
 * @param recording how much of what it computes the run keeps
 * @param cache the number format of the KV cache
 */
public record DecodePlan(
    Checkpoint checkpoint,
    Strategy strategy,
    List<DecodeRequest> requests,
    Recording recording,
    CacheFormat cache) {
  /**
   * Checks the requests and the strategy.
   *
   * @throws InvalidInputException if the strategy cannot spread the model or the requests, a token
   *     is not in the vocabulary, a request is longer than the model's positions, or the cache's
   *     format does not fit the model's heads
   */
  public DecodePlan {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new InvalidInputException("no prompt: expected at least one request");
    }
    ModelConfig model = checkpoint.config();
    strategy.requireFits(model);
    QuantizedTokens.requireFits(cache, model.attentionKind());
    strategy.requireBatch(requests.size());
    for (int index = 0; index < requests.size(); index++) {
      check(index, requests.get(index), model);
    }
  }

  /** A plan whose cache keeps numbers as they are computed. */
  public DecodePlan(
      Checkpoint checkpoint, Strategy strategy, List<DecodeRequest> requests, Recording recording) {
    this(checkpoint, strategy, requests, recording, CacheFormat.FP64);
  }

  /** The same plan with other requests, recorded. */
  DecodePlan recording(List<DecodeRequest> others) {
    return new DecodePlan(checkpoint, strategy, others, Recording.TAPS, cache);
  }

  /** The number formats in which the run's bytes are counted. */
  public DeployedPrecision precision() {
    return DeployedPrecision.ofRun(model().activations(), cache, checkpoint.weightFormat());
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

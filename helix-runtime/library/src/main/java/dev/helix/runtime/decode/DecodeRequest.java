package dev.helix.runtime.decode;

import dev.helix.tensor.InvalidInputException;
import java.util.List;

/**
 * A prompt, and how many tokens to decode after it.
 *
 * @param prompt token ids, at least one
 * @param maxNew the largest number of tokens to decode, at least one
 * @param forced the first new tokens, whatever the logits say (teacher forcing); empty for greedy
 *     decoding
 */
public record DecodeRequest(List<Integer> prompt, int maxNew, List<Integer> forced) {
  public DecodeRequest {
    prompt = List.copyOf(prompt);
    forced = List.copyOf(forced);
    if (prompt.isEmpty()) {
      throw new InvalidInputException("prompt is empty: expected at least one token");
    }
    if (maxNew < 1) {
      throw new InvalidInputException("tokens to decode must be at least 1, got " + maxNew);
    }
  }

  /** A request that is decoded greedily, with the most likely token each time. */
  public DecodeRequest(List<Integer> prompt, int maxNew) {
    this(prompt, maxNew, List.of());
  }

  /**
   * Chooses the next token.
   *
   * @param index how many new tokens there are already
   * @param logits {@code [vocabulary]}
   */
  int choose(int index, double[] logits) {
    return index < forced.size() ? forced.get(index) : Greedy.choose(logits);
  }

  /**
   * Number of positions that the request takes in the KV cache; its last new token is not read
   * again.
   */
  public int capacity() {
    return Math.toIntExact((long) prompt.size() + maxNew - 1);
  }
}

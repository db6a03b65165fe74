package dev.helix.runtime.decode;

import dev.helix.tensor.InvalidInputException;
import java.util.List;

/**
 * A prompt and how far to go on from it.
 *
 * @param prompt token ids, at least one
 * @param maxNew tokens to decode at most, at least one
 */
public record DecodeRequest(List<Integer> prompt, int maxNew) {
  public DecodeRequest {
    prompt = List.copyOf(prompt);
    if (prompt.isEmpty()) {
      throw new InvalidInputException("prompt is empty: expected at least one token");
    }
    if (maxNew < 1) {
      throw new InvalidInputException("tokens to decode must be at least 1, got " + maxNew);
    }
  }

  /** Positions that the request takes in the KV cache: its last new token is not read again. */
  public int capacity() {
    return Math.toIntExact((long) prompt.size() + maxNew - 1);
  }
}

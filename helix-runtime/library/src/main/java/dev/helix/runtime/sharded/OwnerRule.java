package dev.helix.runtime.sharded;

import dev.helix.attention.placement.KvPlacement;

/** Says which rank of a KVP group keeps which token of which request. */
@FunctionalInterface
public interface OwnerRule {
  /** The rank that keeps the token at {@code position} of {@code request}. */
  int owner(int request, int position);

  /** The rule of a placement, which is the same for all requests. */
  static OwnerRule of(KvPlacement placement) {
    return (request, position) -> placement.owner(position);
  }

  /**
   * Round robin in runs, as {@link dev.helix.attention.placement.RoundRobinPlacement} deals them,
   * where the first token is the {@code phase}-th of its round.
   */
  static OwnerRule roundRobin(int kvp, int runLength, int phase) {
    return (request, position) -> (int) (((long) position + phase) / runLength % kvp);
  }

  /**
   * The rule of TensorRT-LLM: blocks of the prompt are dealt round robin, and the runs of generated
   * tokens are counted from the first of them and not from position 0.
   *
   * @param prompts length of each request's prompt
   */
  static OwnerRule countedFromTheFirstGenerated(int kvp, int block, int[] prompts) {
    return (request, position) -> {
      int generated = position - prompts[request];
      return (generated < 0 ? position : generated) / block % kvp;
    };
  }
}

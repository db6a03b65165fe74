package dev.helix.runtime.timing.memory;

import dev.helix.runtime.trace.WeightKind;
import java.util.Locale;

/**
 * One of the things that take memory of a GPU. The tensors of the program are each in one item, so
 * that the sum of all items counts nothing twice.
 */
public enum MemoryItem {
  /** The projections of attention. */
  ATTENTION_WEIGHTS("weights of " + WeightKind.ATTENTION),
  /** The matrices of dense FFNs. */
  FFN_WEIGHTS("weights of " + WeightKind.FFN),
  /** The matrices of routed and shared experts. */
  EXPERT_WEIGHTS("weights of " + WeightKind.EXPERTS),
  /** The embedding table, which every rank has whole, and the rank's rows of the head. */
  VOCABULARY_WEIGHTS("weights of " + WeightKind.VOCABULARY),
  /** The routers and the weights of norms. */
  OTHER_WEIGHTS("weights of " + WeightKind.ROUTERS_AND_NORMS),
  /** The KV cache of all layers and requests, with the scales of its blocks. */
  KV_CACHE("KV cache"),
  /**
   * The results of launches where the step holds most bytes of them. It is an assumption that no
   * launch writes over its operands.
   */
  ACTIVATIONS("activations"),
  /** The scratch of the launch that needs most; see {@link Workspace}, which is an assumption. */
  WORKSPACE("workspace"),
  /**
   * The tensors that have arrived from other ranks, where the step holds most bytes of them. It is
   * an assumption that an exchange sends from activations and receives into memory of its own.
   */
  EXCHANGE_BUFFERS("exchange buffers");

  private final String words;

  MemoryItem(String words) {
    this.words = words;
  }

  /** The item of a kind of weights. */
  static MemoryItem of(WeightKind kind) {
    return switch (kind) {
      case ATTENTION -> ATTENTION_WEIGHTS;
      case FFN -> FFN_WEIGHTS;
      case EXPERTS -> EXPERT_WEIGHTS;
      case VOCABULARY -> VOCABULARY_WEIGHTS;
      case ROUTERS_AND_NORMS -> OTHER_WEIGHTS;
    };
  }

  /** Whether the item is a kind of weights. */
  public boolean isWeights() {
    return compareTo(KV_CACHE) < 0;
  }

  /** The name as JSON has it: {@code kv-cache}. */
  public String field() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The item in words. */
  @Override
  public String toString() {
    return words;
  }
}

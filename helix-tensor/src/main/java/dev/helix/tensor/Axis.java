package dev.helix.tensor;

import java.util.Locale;

/**
 * The names of the axes that tensors have. A tensor names each of its axes, and every operation
 * checks the names as well as the sizes, so that a swapped axis is an error even where head count,
 * token count and rank count happen to be equal.
 */
public enum Axis {
  /** The query tokens of one step: one for each active request in decode, several in prefill. */
  BATCH,
  /**
   * The members of a group, in group order. An exchange puts this axis in front of what it
   * delivers.
   */
  SHARDS,
  /** The hidden size H of the residual stream. */
  HIDDEN,
  /** The entries of the vocabulary. */
  VOCABULARY,
  /** Query, key and value projections stacked, as one fused projection computes them. */
  QKV,
  /** Query heads. */
  HEADS,
  /** Key-value heads. */
  KV_HEADS,
  /** The components of one head. */
  HEAD_DIM,
  /**
   * Query heads and their components flattened into one axis: the input of the output projection.
   */
  HEADS_BY_DIM,
  /** The slots of a page of the KV cache, each of which takes one token. */
  SLOTS,
  /** The components of the compressed query of latent attention (q_lora_rank). */
  QUERY_LATENT,
  /** The components of the latent from which keys and values are made (kv_lora_rank). */
  LATENT,
  /**
   * A latent with the rotary key behind it, which is what latent attention caches for each token.
   */
  LATENT_ENTRY,
  /** Gate and up projections stacked, as one fused projection computes them. */
  GATE_UP,
  /** The intermediate size F of the FFN. */
  INTERMEDIATE,
  /** The routed experts of a mixture. */
  EXPERTS;

  /** The name as documentation writes it, in camel case: {@code kvHeads}, {@code headDim}. */
  @Override
  public String toString() {
    String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder camel = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return camel.toString();
  }
}

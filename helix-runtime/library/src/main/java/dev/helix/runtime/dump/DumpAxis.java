package dev.helix.runtime.dump;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the axes of a dumped tensor can be. Maps write the names in camel case. */
public enum DumpAxis {
  /** Ranks, in order. A tensor with this axis holds those of all ranks. */
  RANKS,
  /** Decode steps, in order. */
  STEPS,
  /** Layers, in order. */
  LAYERS,
  /** The requests of a step. */
  REQUESTS,
  /** The query tokens of a step: one for each request, or those of all requests one by one. */
  BATCH,
  /** The query tokens of one request, where they have an axis of their own behind the batch's. */
  QUERIES,
  /** Query heads. */
  HEADS,
  /** KV heads. */
  KV_HEADS,
  /** The components of one head, of a latent, or of a latent with its rotary key. */
  HEAD_DIM,
  /** The components of a latent, where a tensor has those of a head beside them. */
  LATENT,
  /** Query heads and their components flattened into one axis. */
  HEADS_BY_DIM,
  /** The pages of a paged cache. */
  PAGES,
  /** The slots of a page, each of which takes one token. */
  SLOTS,
  /** The tokens of a cache that has no pages. */
  TOKENS,
  /** Two entries: keys, then values. */
  KEYS_AND_VALUES,
  /** The ranks that a rank exchanges with, itself included, in order. */
  PEERS,
  /** The numbers that stand for the scores of one row: an LSE, or a maximum and a sum. */
  STATISTICS,
  /** The bytes of a token's entry. */
  ENTRY_BYTES,
  /** The entries of a list, such as one of page numbers. */
  ENTRIES,
  /** The hidden size. */
  HIDDEN;

  /** The axis of a name in camel case: {@code headDim}. */
  public static Optional<DumpAxis> named(String name) {
    return Arrays.stream(values()).filter(axis -> axis.toString().equals(name)).findFirst();
  }

  /** All names, for messages. */
  public static String allNames() {
    return Arrays.stream(values()).map(DumpAxis::toString).collect(Collectors.joining(", "));
  }

  /** The name in camel case: {@code kvHeads}. */
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

package dev.helix.runtime.dump;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a dumped tensor is in a sharded attention. Maps write the names with hyphens. */
public enum Role {
  /** The rank's queries, {@code [batch, heads, headDim]}, rotated. */
  QUERY,
  /** MLA: the queries' part against the latent, {@code [batch, heads, headDim]}. */
  QUERY_LATENT,
  /** MLA: the queries' rotary part, {@code [batch, heads, headDim]}. */
  QUERY_ROPE,
  /** Keys: {@code [pages, slots, kvHeads, headDim]}, or {@code [requests, tokens, …]} if dense. */
  KEY_CACHE,
  /** Values, in the same form. */
  VALUE_CACHE,
  /** Keys and values in one tensor, which {@link Dump} takes apart. */
  KV_CACHE,
  /** MLA: latents, {@code [pages, slots, headDim]}. */
  LATENT_CACHE,
  /** MLA: rotary keys, {@code [pages, slots, headDim]}. */
  ROPE_CACHE,
  /** MLA: a latent with its rotary key behind it, {@code [pages, slots, headDim]}. */
  LATENT_ROPE_CACHE,
  /** MLA: entries of 656 bytes, {@code [pages, slots, entryBytes]}. */
  LATENT_ENTRIES,
  /** The pages of each request, {@code [requests, entries]}; padding is negative. */
  BLOCK_TABLE,
  /** Where the pages of each request begin in {@link #KV_INDICES}, {@code [entries]}. */
  KV_INDPTR,
  /** The pages of all requests one behind the other, {@code [entries]}. */
  KV_INDICES,
  /** How many slots of each request's last page are taken, {@code [requests]}. */
  LAST_PAGE_LENGTHS,
  /** How many tokens of each request this rank keeps, {@code [requests]}. */
  LOCAL_LENGTHS,
  /** How many tokens each request has over all ranks, {@code [requests]}. */
  GLOBAL_LENGTHS,
  /** Where the query tokens of each request begin in the batch, {@code [entries]}. */
  QUERY_INDPTR,
  /** The position of each query token in its sequence, {@code [batch]}. */
  QUERY_POSITIONS,
  /** The rank's attention over its own tokens, {@code [batch, heads, headDim]}. */
  PARTIAL_OUTPUT,
  /** The log-sum-exp of the rank's scores, {@code [batch, heads]}. */
  LSE,
  /** The rank's statistics, {@code [batch, heads, statistics]}: see {@link DumpAxis#STATISTICS}. */
  STATISTICS,
  /** What the rank gave to the exchange, {@code [batch, heads, peers, headDim]}. */
  SENT_OUTPUT,
  /** The LSEs that it gave, {@code [batch, heads, peers]}. */
  SENT_LSE,
  /** The statistics that it gave, {@code [batch, heads, peers, statistics]}. */
  SENT_STATISTICS,
  /** What the exchange brought for the heads that the rank owns, by the rank that sent it. */
  RECEIVED_OUTPUT,
  /** The LSEs that it brought. */
  RECEIVED_LSE,
  /** The statistics that it brought. */
  RECEIVED_STATISTICS,
  /** The whole attention of the heads that the rank owns, {@code [batch, heads, headDim]}. */
  MERGED_OUTPUT,
  /** Its LSE, {@code [batch, heads]}. */
  MERGED_LSE,
  /** The scale of the keys: one number, or {@code [kvHeads]}. */
  KEY_SCALE,
  /** The scale of the values, in the same form. */
  VALUE_SCALE,
  /** The logit of each head's attention sink, {@code [heads]}. */
  SINKS,
  /** The slope of each head's ALiBi term, {@code [heads]}. */
  SLOPES,
  /** The rank's columns of the output projection, {@code [hidden, headsByDim]}. */
  OUTPUT_WEIGHT,
  /**
   * The rank's part of the output projection before the sum over ranks, {@code [batch, hidden]}.
   */
  PROJECTED_PART,
  /** The output projection after the sum over ranks, {@code [batch, hidden]}. */
  PROJECTED_OUTPUT,
  /** A tensor that takes no part. */
  IGNORED;

  /** The role of a name with hyphens: {@code key-cache}. */
  public static Optional<Role> named(String name) {
    return Arrays.stream(values()).filter(role -> role.toString().equals(name)).findFirst();
  }

  /** All names, for messages. */
  public static String allNames() {
    return Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(", "));
  }

  /** Whether elements have to be integers; elements of all other roles are numbers. */
  public boolean isOfIntegers() {
    return switch (this) {
      case BLOCK_TABLE,
          KV_INDPTR,
          KV_INDICES,
          LAST_PAGE_LENGTHS,
          LOCAL_LENGTHS,
          GLOBAL_LENGTHS,
          QUERY_INDPTR,
          QUERY_POSITIONS,
          LATENT_ENTRIES ->
          true;
      default -> false;
    };
  }

  /** Whether the tensor is a part of the KV cache, in whatever form. */
  public boolean isCache() {
    return switch (this) {
      case KEY_CACHE, VALUE_CACHE, KV_CACHE, LATENT_CACHE, ROPE_CACHE, LATENT_ROPE_CACHE -> true;
      default -> false;
    };
  }

  /** The name with hyphens: {@code partial-output}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.helix.runtime.dump;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a dumped tensor is in a sharded attention. Maps write the names with hyphens. */
public enum Role {
  QUERY("The rank's queries, `[batch, heads, headDim]`, rotated."),
  QUERY_LATENT("MLA: the queries' part against the latent, `[batch, heads, headDim]`."),
  QUERY_ROPE("MLA: the queries' rotary part, `[batch, heads, headDim]`."),
  KEY_CACHE("Keys: `[pages, slots, kvHeads, headDim]`, or `[requests, tokens, …]` if dense."),
  VALUE_CACHE("Values, in the same form."),
  KV_CACHE("Keys and values in one tensor, which `verify` takes apart."),
  LATENT_CACHE("MLA: latents, `[pages, slots, headDim]`."),
  ROPE_CACHE("MLA: rotary keys, `[pages, slots, headDim]`."),
  LATENT_ROPE_CACHE("MLA: a latent with its rotary key behind it, `[pages, slots, headDim]`."),
  LATENT_ENTRIES(
      "MLA: entries as bytes, of 656 if nothing else is stated, `[pages, slots, entryBytes]`."),
  KEY_ENTRIES("Keys as bytes of a format with scales: `[pages, slots, kvHeads, entryBytes]`."),
  VALUE_ENTRIES("Values, in the same form."),
  BLOCK_TABLE("The pages of each request, `[requests, entries]`; padding is negative."),
  KV_INDPTR("Where the pages of each request begin in `kv-indices`, `[entries]`."),
  KV_INDICES("The pages of all requests one behind the other, `[entries]`."),
  LAST_PAGE_LENGTHS("How many slots of each request's last page are taken, `[requests]`."),
  LOCAL_LENGTHS("How many tokens of each request this rank keeps, `[requests]`."),
  GLOBAL_LENGTHS("How many tokens each request has over all ranks, `[requests]`."),
  QUERY_INDPTR("Where the query tokens of each request begin in the batch, `[entries]`."),
  QUERY_POSITIONS("The position of each query token in its sequence, `[batch]`."),
  PARTIAL_OUTPUT("The rank's attention over its own tokens, `[batch, heads, headDim]`."),
  LSE("The log-sum-exp of the rank's scores, `[batch, heads]`."),
  STATISTICS("The rank's statistics, `[batch, heads, statistics]`."),
  SENT_OUTPUT("What the rank gave to the exchange, `[batch, heads, peers, headDim]`."),
  SENT_LSE("The LSEs that it gave, `[batch, heads, peers]`."),
  SENT_STATISTICS("The statistics that it gave, `[batch, heads, peers, statistics]`."),
  RECEIVED_OUTPUT("What the exchange brought for the rank's own heads, with the senders as peers."),
  RECEIVED_LSE("The LSEs that it brought."),
  RECEIVED_STATISTICS("The statistics that it brought."),
  MERGED_OUTPUT("The whole attention of the heads that the rank owns, `[batch, heads, headDim]`."),
  MERGED_LSE("Its LSE, `[batch, heads]`."),
  KEY_SCALE("The scale of the keys: one number, or `[kvHeads]`."),
  VALUE_SCALE("The scale of the values, in the same form."),
  SOFTMAX_SCALE("The softmax scale, one number."),
  SINKS("The logit of each head's attention sink, `[heads]`."),
  SLOPES("The slope of each head's ALiBi term, `[heads]`."),
  VALUE_UP(
      "MLA: what makes values of the merged outputs of the heads that the rank owns, `[heads,"
          + " headDim, latent]`."),
  OUTPUT_WEIGHT("The rank's columns of the output projection, `[hidden, headsByDim]`."),
  PROJECTED_PART("The rank's part of the output projection, before the sum, `[batch, hidden]`."),
  PROJECTED_OUTPUT("The output projection after the sum over ranks, `[batch, hidden]`."),
  IGNORED("A tensor that takes no part.");

  private final String meaning;

  Role(String meaning) {
    this.meaning = meaning;
  }

  /** What a tensor of the role is, and its usual axes, for the manual. */
  public String meaning() {
    return meaning;
  }

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
          LATENT_ENTRIES,
          KEY_ENTRIES,
          VALUE_ENTRIES ->
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

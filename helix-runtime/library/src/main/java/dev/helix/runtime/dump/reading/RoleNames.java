package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that tensors of each role have in programs: those of FlashInfer-Bench's schema, of
 * FlashInfer, vLLM and SGLang, and others that are close to them.
 */
final class RoleNames {
  private static final Map<Role, List<String>> NAMES =
      Map.ofEntries(
          Map.entry(Role.QUERY, List.of("q", "query", "queries")),
          Map.entry(Role.QUERY_LATENT, List.of("q_nope", "ql_nope", "q_latent", "q_absorbed")),
          Map.entry(Role.QUERY_ROPE, List.of("q_pe", "q_rope")),
          Map.entry(
              Role.KEY_CACHE,
              List.of("k_cache", "key_cache", "paged_k_cache", "k_buffer", "k", "key", "keys")),
          Map.entry(
              Role.VALUE_CACHE,
              List.of(
                  "v_cache", "value_cache", "paged_v_cache", "v_buffer", "v", "value", "values")),
          Map.entry(Role.KV_CACHE, List.of("kv_cache", "paged_kv_cache", "kv")),
          Map.entry(Role.LATENT_CACHE, List.of("ckv_cache", "ckv", "kv_c", "latent_cache")),
          Map.entry(Role.ROPE_CACHE, List.of("kpe_cache", "kpe", "k_pe", "rope_cache")),
          Map.entry(
              Role.LATENT_ROPE_CACHE,
              List.of("kv_c_and_k_pe_cache", "mla_cache", "latent_rope_cache")),
          Map.entry(Role.LATENT_ENTRIES, List.of("latent_entries", "fp8_ds_mla_cache")),
          Map.entry(Role.KEY_ENTRIES, List.of("k_entries", "key_entries")),
          Map.entry(Role.VALUE_ENTRIES, List.of("v_entries", "value_entries")),
          Map.entry(
              Role.BLOCK_TABLE,
              List.of("block_table", "block_tables", "page_table", "page_tables")),
          Map.entry(Role.KV_INDPTR, List.of("kv_indptr", "paged_kv_indptr", "indptr")),
          Map.entry(
              Role.KV_INDICES, List.of("kv_indices", "paged_kv_indices", "indices", "kv_page_ids")),
          Map.entry(
              Role.LAST_PAGE_LENGTHS,
              List.of("kv_last_page_len", "paged_kv_last_page_len", "last_page_len")),
          Map.entry(
              Role.LOCAL_LENGTHS,
              List.of("local_seq_lens", "local_lens", "local_lengths", "seq_lens_local")),
          Map.entry(
              Role.GLOBAL_LENGTHS,
              List.of("seq_lens", "seq_lengths", "lengths", "context_lens", "global_seq_lens")),
          Map.entry(
              Role.QUERY_INDPTR,
              List.of("qo_indptr", "q_indptr", "cu_seqlens_q", "query_start_loc")),
          Map.entry(Role.QUERY_POSITIONS, List.of("positions", "query_positions", "q_positions")),
          Map.entry(
              Role.PARTIAL_OUTPUT,
              List.of("partial_o", "partial_out", "partial_output", "o_partial", "local_output")),
          Map.entry(Role.LSE, List.of("lse", "partial_lse", "softmax_lse", "local_lse")),
          Map.entry(Role.STATISTICS, List.of("softmax_stats", "stats", "partial_stats")),
          Map.entry(Role.SENT_OUTPUT, List.of("sent_o", "sent_output", "send_o", "send_output")),
          Map.entry(Role.SENT_LSE, List.of("sent_lse", "send_lse")),
          Map.entry(Role.SENT_STATISTICS, List.of("sent_stats", "send_stats")),
          Map.entry(
              Role.RECEIVED_OUTPUT,
              List.of("received_o", "received_output", "recv_o", "recv_output")),
          Map.entry(Role.RECEIVED_LSE, List.of("received_lse", "recv_lse")),
          Map.entry(Role.RECEIVED_STATISTICS, List.of("received_stats", "recv_stats")),
          Map.entry(
              Role.MERGED_OUTPUT,
              List.of("output", "out", "o", "merged", "merged_o", "merged_output", "merged_out")),
          Map.entry(Role.MERGED_LSE, List.of("merged_lse", "output_lse", "global_lse")),
          Map.entry(Role.KEY_SCALE, List.of("k_scale", "key_scale", "k_descale")),
          Map.entry(Role.VALUE_SCALE, List.of("v_scale", "value_scale", "v_descale")),
          Map.entry(Role.SOFTMAX_SCALE, List.of("sm_scale", "softmax_scale")),
          Map.entry(Role.SINKS, List.of("sinks", "sink", "attention_sinks", "attn_sink")),
          Map.entry(Role.SLOPES, List.of("slopes", "alibi_slopes")),
          Map.entry(Role.VALUE_UP, List.of("value_up")),
          Map.entry(Role.OUTPUT_WEIGHT, List.of("o_proj", "w_o", "wo", "output_weight")),
          Map.entry(Role.PROJECTED_PART, List.of("projected_part", "o_proj_partial")),
          Map.entry(Role.PROJECTED_OUTPUT, List.of("projected", "projected_output")));

  /** What programs put before a name without changing what it means. */
  private static final List<String> PREFIXES =
      List.of("self_attn_", "attn_", "attention_", "decode_", "dcp_", "cp_", "kvp_");

  private static final Map<String, Role> ROLES = roles();

  private RoleNames() {}

  private static Map<String, Role> roles() {
    Map<String, Role> roles = new HashMap<>();
    NAMES.forEach((role, names) -> names.forEach(name -> roles.put(name, role)));
    for (Role role : Role.values()) {
      roles.put(role.name().toLowerCase(Locale.ROOT), role);
    }
    return Map.copyOf(roles);
  }

  /** The role of a name, of which the last part counts: that of {@code layers.0.attn.q} is q. */
  static Optional<Role> of(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('-', '_').replace('/', '.');
    if (plain.endsWith(".weight")) {
      plain = plain.substring(0, plain.length() - ".weight".length());
    }
    String last = plain.substring(plain.lastIndexOf('.') + 1);
    Role found = ROLES.get(last);
    for (String prefix : PREFIXES) {
      if (found == null && last.startsWith(prefix)) {
        found = ROLES.get(last.substring(prefix.length()));
      }
    }
    return Optional.ofNullable(found);
  }
}

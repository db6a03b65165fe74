package dev.helix.tests.dumps;

import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.tensor.faults.Fault;
import java.util.List;
import java.util.Map;

/** The words by which a verdict names a fault of the museum, where it has other words than that. */
final class FaultNames {
  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          Map.entry(
              "base-2-lse-merged-as-base-e",
              List.of("base-2 LSE merged as base e", "LSE divided by ln 2")),
          Map.entry(
              "lse-base-of-decode-follows-the-flag-of-the-prefill-backend",
              List.of("LSE base of decode follows the flag", "LSE times ln 2")),
          Map.entry(
              "an-empty-shard-reports-a-finite-lse-and-rubbish",
              List.of("an empty shard reports a live LSE")),
          Map.entry("an-empty-shard-reports-lse-inf", List.of("an empty shard reports LSE = +inf")),
          Map.entry("padding-rows-contribute", List.of("slots behind the last token included")),
          Map.entry(
              "stats-exported-with-another-softmax-scale", List.of("LSE alone: no softmax scale")),
          Map.entry(
              "probabilities-rounded-in-the-numerator-only",
              List.of("weights rounded to BF16 before they multiply values")),
          Map.entry(
              "query-heads-read-the-kv-heads-of-other-groups",
              List.of("KV head h mod K in place of h / (Q/K)")),
          Map.entry(
              "gqa-ratio-restarted-per-rank",
              List.of("KV head counted from the first query head that a rank has")),
          Map.entry(
              "causal-bound-applied-to-the-rank-local-length",
              List.of("causal bound on global positions compared with local slots")),
          Map.entry("no-mask-among-drafts", List.of("no mask among the tokens of one step")),
          Map.entry(
              "local-page-table-built-from-global-lengths",
              List.of("on into pages of other requests")),
          Map.entry(
              "run-length-1-mishandled-in-the-local-length",
              List.of("local length of runs of 1 token")),
          Map.entry("ranks-disagree-on-the-run-length", List.of("of runs of 3")),
          Map.entry(
              "a-rank-that-owns-no-new-token-drops-its-query", List.of("no token attended to")),
          Map.entry("length-7-over-2-ranks-treated-as-6", List.of("rounded down to a multiple of")),
          Map.entry(
              "all-to-all-blocks-taken-in-another-order",
              List.of("blocks of senders read as if query tokens came first")));

  private FaultNames() {}

  /** Whether one of the names that a verdict gives is that of the fault. */
  static boolean fit(Fault fault, List<String> names) {
    List<String> words =
        WORDS.getOrDefault(SwitchableFaults.key(fault), List.of(fault.story().name()));
    return names.stream().anyMatch(name -> words.stream().anyMatch(name::contains));
  }
}

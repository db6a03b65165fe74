package dev.helix.laws.placement;

import java.util.List;
import java.util.Set;

/**
 * Lengths, steps and rules that have broken shipped placements. Half of all drawn cases are one of
 * these.
 */
public enum PlacementHardCase {
  NO_TOKENS,
  ONE_TOKEN,
  ONE_SHARD,
  FEWER_TOKENS_THAN_SHARDS,
  /**
   * This case and the next two have k·N·I − 1, k·N·I and k·N·I + 1 tokens, in runs of I = 1 to 3.
   */
  ONE_LESS_THAN_WHOLE_ROUNDS,
  WHOLE_ROUNDS,
  ONE_MORE_THAN_WHOLE_ROUNDS,
  /** The number of tokens is near that of whole rounds of runs of 16. */
  RUNS_OF_16,
  /** There are 72 shards, as many as an NVL72 has GPUs. */
  SHARDS_72,
  /** The prompt ends within a round, so that what is generated begins in the middle of one. */
  PROMPT_WITHIN_A_ROUND,
  /**
   * The prompt ends with a round, so that a rule that begins anew behind the prompt looks like one
   * that does not.
   */
  PROMPT_OF_WHOLE_ROUNDS,
  /** A step brings several tokens, which more than one rank keeps. */
  DRAFTS_ACROSS_OWNERS,
  /** One step brings one token of the first request and three of the next. */
  UNEQUAL_NEW_TOKENS,
  /** The first request has no token in a step, the second has one. */
  A_REQUEST_WAITS,
  /** Only the last positions of requests of 2²⁰, 2²³ and 2³⁰ tokens are looked at. */
  FAR_POSITIONS;

  private static final int NVL72 = 72;

  /** Exponents of 2: with up to four shards, the second puts more than 2²⁰ tokens on each. */
  private static final int[] FAR = {20, 23, 30};

  /** Draws a case of this kind. */
  PlacementCase make(PlacementDrawing of) {
    int shards = of.from(2, 4);
    int run = of.from(1, 3);
    int round = shards * run;
    return switch (this) {
      case NO_TOKENS -> of.one(this, shards, run, 0, List.of(0));
      case ONE_TOKEN -> of.one(this, shards, run, 1, List.of(1));
      case ONE_SHARD -> of.one(this, 1, run, 5, List.of(5, 1, 2));
      case FEWER_TOKENS_THAN_SHARDS -> {
        int prompt = of.from(1, shards - 1);
        yield of.one(this, shards + 1, run, prompt, List.of(prompt, 1));
      }
      case ONE_LESS_THAN_WHOLE_ROUNDS -> rounds(of, shards, run, -1);
      case WHOLE_ROUNDS -> rounds(of, shards, run, 0);
      case ONE_MORE_THAN_WHOLE_ROUNDS -> rounds(of, shards, run, 1);
      case RUNS_OF_16 -> rounds(of, of.from(2, 3), 16, of.from(-1, 1));
      case SHARDS_72 -> {
        int prompt = NVL72 * run + of.from(-2, 2);
        yield of.one(this, NVL72, run, prompt, List.of(prompt, 1, 1, 2));
      }
      case PROMPT_WITHIN_A_ROUND -> {
        int prompt = round * of.from(1, 2) + of.from(1, round - 1);
        yield of.one(this, shards, run, prompt, List.of(prompt, round, 1, 1, round));
      }
      case PROMPT_OF_WHOLE_ROUNDS -> {
        int prompt = round * of.from(1, 2);
        yield of.one(this, shards, run, prompt, List.of(prompt, 1, 1, round));
      }
      case DRAFTS_ACROSS_OWNERS -> {
        int prompt = of.from(1, round);
        yield of.one(this, shards, run, prompt, List.of(prompt, 1, run + 2, run + 1, 1));
      }
      case UNEQUAL_NEW_TOKENS ->
          of.several(this, shards, run, List.of(2, 5), List.of(List.of(1, 1), List.of(3, 1)));
      case A_REQUEST_WAITS ->
          of.several(this, shards, run, List.of(4, 3), List.of(List.of(0, 1), List.of(1, 1)));
      case FAR_POSITIONS -> {
        int prompt = (1 << FAR[of.from(0, FAR.length - 1)]) - of.from(1, 5);
        yield of.one(this, shards, run, prompt, List.of(prompt, 1, 1, 3, 4));
      }
    };
  }

  private PlacementCase rounds(PlacementDrawing of, int shards, int run, int more) {
    int tokens = shards * run * of.from(1, 3) + more;
    int prompt = Math.max(0, tokens - 2);
    return of.one(this, shards, run, prompt, List.of(prompt, 1, tokens - prompt - 1));
  }

  /** The rules that cannot be used in a case of this kind. */
  Set<PlacementKind> excluded() {
    // Nobody lists the slots of a million tokens.
    return this == FAR_POSITIONS ? Set.of(PlacementKind.BY_CACHE_SLOT) : Set.of();
  }
}

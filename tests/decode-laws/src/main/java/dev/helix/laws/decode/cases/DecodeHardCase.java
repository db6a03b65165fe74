package dev.helix.laws.decode.cases;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Layouts, lengths and steps that have broken shipped decodes, or that hide a fault when they are
 * missing. Half of all drawn cases are one of these.
 */
public enum DecodeHardCase {
  ONE_RANK,
  KVP_3,
  KVP_8,
  EMPTY_REQUEST,
  ONE_TOKEN,
  FEWER_TOKENS_THAN_RANKS,
  /**
   * This case and those that follow have k·N·I − 1, k·N·I and k·N·I + 1 tokens, for I = 1, 16 and
   * the size of a page.
   */
  ROUND_LESS_ONE_OF_SINGLE_TOKENS,
  ROUND_OF_SINGLE_TOKENS,
  ROUND_AND_ONE_OF_SINGLE_TOKENS,
  ROUND_LESS_ONE_OF_RUNS_OF_16,
  ROUND_OF_RUNS_OF_16,
  ROUND_AND_ONE_OF_RUNS_OF_16,
  ROUND_LESS_ONE_OF_PAGES,
  ROUND_OF_PAGES,
  ROUND_AND_ONE_OF_PAGES,
  /**
   * A shard has more tokens than one tile of the smallest size for which the bounds of a kernel
   * hold.
   */
  SHARDS_OF_MORE_THAN_64_TOKENS,
  PAGES_OF_ONE_TOKEN,
  PAGES_OF_A_THIRD,
  /** Several tokens of a request in one step, kept by more than one rank. */
  SPECULATION_ACROSS_OWNERS,
  HEADS_32_OVER_2,
  HEADS_28_OVER_7,
  MULTI_QUERY,
  /**
   * The numbers of heads, rows, ranks and components are equal, so that a swapped axis keeps its
   * shape.
   */
  EQUAL_AXES,
  TPA_WITH_KVP,
  HOP_B,
  /** Scores of tens of nats: one shard has nearly all the weight. */
  UNEQUAL_SHARDS,
  SLIDING_WINDOW,
  SINKS,
  /**
   * Scores have all rules, under TPA so that each rank has sinks and slopes for a part of the
   * heads, and in several pages.
   */
  ALL_SCORE_RULES,
  /** EP × TPF of 2 × 2. */
  EXPERT_GROUPS,
  /** Latent attention (MLA), in several pages, with several tokens of a request in one step. */
  LATENT,
  LATENT_HOP_B,
  /**
   * The case is a row of {@link DecodeCover}, which combines every two choices. All rows are always
   * tried.
   */
  COVERED_PAIRS;

  private static final int PAGE = 4;

  /** The kinds that have a single case, which are all but the pairwise cover. */
  static List<DecodeHardCase> ofOneCase() {
    return Arrays.stream(values()).filter(hard -> hard != COVERED_PAIRS).toList();
  }

  /** Draws a case of this kind. */
  DecodeCase make(SplittableRandom random) {
    DecodeDraft draft = new DecodeDraft(random);
    switch (this) {
      case ONE_RANK -> draft.layout(1, 1);
      case KVP_3 -> draft.heads(12, random.nextBoolean() ? 6 : 1, 2).layout(3, 1);
      case KVP_8 -> draft.heads(8, random.nextBoolean() ? 2 : 4, 2).layout(8, 1);
      case EMPTY_REQUEST -> draft.requests(5 + random.nextInt(4), 0, 4 + random.nextInt(4));
      case ONE_TOKEN -> draft.requests(1);
      case FEWER_TOKENS_THAN_RANKS -> {
        draft.heads(8, 2, 2).layout(4, 1).requests(2, 3);
        draft.runLength = 1 + random.nextInt(2);
      }
      case ROUND_LESS_ONE_OF_SINGLE_TOKENS -> roundsOf(draft, 1, 2 + random.nextInt(3), -1);
      case ROUND_OF_SINGLE_TOKENS -> roundsOf(draft, 1, 2 + random.nextInt(3), 0);
      case ROUND_AND_ONE_OF_SINGLE_TOKENS -> roundsOf(draft, 1, 2 + random.nextInt(3), 1);
      case ROUND_LESS_ONE_OF_RUNS_OF_16 -> roundsOf(draft, 16, 1, -1);
      case ROUND_OF_RUNS_OF_16 -> roundsOf(draft, 16, 1, 0);
      case ROUND_AND_ONE_OF_RUNS_OF_16 -> roundsOf(draft, 16, 1, 1);
      case ROUND_LESS_ONE_OF_PAGES -> pages(draft, -1);
      case ROUND_OF_PAGES -> pages(draft, 0);
      case ROUND_AND_ONE_OF_PAGES -> pages(draft, 1);
      case SHARDS_OF_MORE_THAN_64_TOKENS -> {
        draft.heads(4, 2, 2).layout(2, 1).requests(130 + random.nextInt(16));
        draft.runLength = 16;
        draft.pagesFor = 1;
      }
      case PAGES_OF_ONE_TOKEN -> {
        draft.heads(8, 2, 2).layout(2, 1).requests(9 + random.nextInt(3), 10 + random.nextInt(4));
        draft.runLength = 1 + random.nextInt(2);
        draft.pagesFor = Integer.MAX_VALUE;
        draft.rules = DecodeDraft.Rules.PLAIN;
      }
      case PAGES_OF_A_THIRD -> {
        draft.heads(8, 2, 2).layout(2, 1).requests(22 + random.nextInt(5), 30);
        draft.runLength = 1 + random.nextInt(3);
        draft.pagesFor = 3;
      }
      case SPECULATION_ACROSS_OWNERS -> {
        draft.heads(8, 2, 4).layout(2, 2).requests(9 + random.nextInt(4), 11);
        draft.runLength = 1 + random.nextInt(3);
        draft.speculated = 4;
      }
      case HEADS_32_OVER_2 -> draft.heads(32, 2, 2).layout(4, 1 + random.nextInt(2));
      case HEADS_28_OVER_7 -> draft.heads(28, 7, 2).layout(4, 1);
      case MULTI_QUERY -> draft.heads(12, 1, 4).layout(random.nextBoolean() ? 4 : 3, 1);
      case EQUAL_AXES -> {
        draft.heads(4, 4, 4).layout(4, 1).requests(3, 3, 3, 3);
        draft.runLength = 1;
        draft.speculated = 0;
      }
      case TPA_WITH_KVP -> draft.heads(12, 6, 2).layout(random.nextBoolean() ? 2 : 3, 2);
      case HOP_B -> {
        draft.heads(8, 2, 4).layout(2, 2).requests(6, 4 + random.nextInt(4), 9);
        draft.hopB = true;
      }
      case UNEQUAL_SHARDS -> {
        draft.rules = DecodeDraft.Rules.PLAIN;
        draft.scoreFactor = 20;
      }
      case SLIDING_WINDOW -> draft.rules = new DecodeDraft.Rules(false, true, false, false);
      case SINKS -> {
        draft.rules = new DecodeDraft.Rules(false, false, true, false);
        draft.heads(8, 2, 4).layout(4, 1);
      }
      case ALL_SCORE_RULES -> {
        draft.rules = new DecodeDraft.Rules(true, true, true, true);
        draft.heads(8, 4, 2).layout(2, 2).requests(20 + random.nextInt(5));
        draft.runLength = 1 + random.nextInt(3);
        draft.pagesFor = 3;
      }
      case EXPERT_GROUPS -> {
        draft.heads(8, 2, 4).layout(4, 1);
        draft.ep = 2;
      }
      case LATENT -> latent(draft);
      case LATENT_HOP_B -> {
        latent(draft);
        draft.hopB = true;
      }
      case COVERED_PAIRS -> {
        List<DecodeCover> rows = DecodeCover.rows();
        rows.get(random.nextInt(rows.size())).draw(draft);
      }
    }
    return draft.build(EnumSet.of(this));
  }

  private static void latent(DecodeDraft draft) {
    int kvp = 2 + draft.random.nextInt(3);
    draft.heads(12, 1, 2).layout(kvp, 1).latent();
    draft.requests(6 * kvp + draft.random.nextInt(4), 5 * kvp - draft.random.nextInt(4));
    draft.runLength = 1 + draft.random.nextInt(2);
    draft.pagesFor = 3;
    draft.speculated = 3;
    draft.hopB = false;
  }

  /** One request of so many rounds and some tokens, in runs of this length. */
  private static void roundsOf(DecodeDraft draft, int runLength, int rounds, int more) {
    draft.heads(8, 2, 2).layout(draft.random.nextBoolean() ? 2 : 4, 1);
    draft.runLength = runLength;
    draft.requests(draft.kvp * runLength * rounds + more);
  }

  /** As the case before, in runs that are pages. */
  private static void pages(DecodeDraft draft, int more) {
    int rounds = 2 + draft.random.nextInt(2);
    roundsOf(draft, PAGE, rounds, more);
    draft.capacity = OptionalInt.of(draft.kvp * PAGE);
  }
}

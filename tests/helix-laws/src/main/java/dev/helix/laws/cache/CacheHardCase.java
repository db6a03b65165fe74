package dev.helix.laws.cache;

import dev.helix.laws.cache.CacheStep.Brought;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Steps that have broken shipped caches. Half of all drawn cases are one of these. */
public enum CacheHardCase {
  ONE_RANK,
  FEWER_TOKENS_THAN_RANKS,
  PAGES_OF_ONE_SLOT,
  RUNS_LONGER_THAN_PAGES,
  /** One step brings one token of the first request and three of the next. */
  UNEQUAL_NEW_TOKENS,
  /** The first request has no token in a step, the second has one. */
  FIRST_REQUEST_WAITS,
  /** The rows of the second request come first. */
  ROWS_IN_ANOTHER_ORDER,
  /** Three rows are padded to four when the first page of a request is full. */
  PADDING_BESIDE_FULL_PAGES,
  /** A step has as many padding rows as other rows, or more. */
  MUCH_PADDING,
  /** One of three drafts is accepted, then one step follows. */
  ONE_OF_THREE_ACCEPTED,
  NO_DRAFT_ACCEPTED,
  ALL_DRAFTS_ACCEPTED,
  /** Rejected drafts had begun a page on each rank. */
  DRAFTS_BEGIN_PAGES,
  /** Two requests have drafts in one step, and different numbers of them are accepted. */
  DRAFTS_OF_TWO_REQUESTS,
  /** A request ends, and its number comes again with fewer tokens. */
  NUMBER_USED_AGAIN,
  /** A request ends, and another one gets its pages while a third goes on. */
  PAGES_USED_AGAIN,
  /** A request whose rejected drafts had begun pages ends, and others get all the pages. */
  PAGES_OF_DRAFTS_USED_AGAIN;

  /** Draws a case of this kind. */
  CacheCase make(SplittableRandom random) {
    int ranks = 2 + random.nextInt(3);
    int run = 1 + random.nextInt(2);
    int slots = run * (1 + random.nextInt(2));
    int page = ranks * slots;
    int some = 1 + random.nextInt(2 * page);
    CacheStep prompts = CacheStep.of(new Brought(0, some), new Brought(1, 1 + random.nextInt(5)));
    CacheStep both = CacheStep.of(new Brought(0, 1), new Brought(1, 1));
    return switch (this) {
      case ONE_RANK -> of(1, run, slots, prompts, both, both);
      case FEWER_TOKENS_THAN_RANKS ->
          of(ranks + 2, 1, slots, CacheStep.of(new Brought(0, 1)), both);
      case PAGES_OF_ONE_SLOT -> of(ranks, 1, 1, prompts, both, both);
      case RUNS_LONGER_THAN_PAGES -> of(ranks, 3, 2, prompts, both, both);
      case UNEQUAL_NEW_TOKENS -> {
        CacheStep unequal = CacheStep.of(new Brought(0, 1), new Brought(1, 3));
        yield of(ranks, run, slots, prompts, unequal, both, unequal);
      }
      case FIRST_REQUEST_WAITS -> {
        CacheStep second = CacheStep.of(new Brought(1, 1));
        yield of(ranks, run, slots, prompts, second, both, second, second);
      }
      case ROWS_IN_ANOTHER_ORDER -> {
        CacheStep turned = CacheStep.of(new Brought(1, 2), new Brought(0, 1));
        yield of(ranks, run, slots, prompts, turned, both, turned);
      }
      case PADDING_BESIDE_FULL_PAGES -> {
        CacheStep full = CacheStep.of(new Brought(0, 2 * page), new Brought(1, page));
        CacheStep three = CacheStep.of(new Brought(0, 1), new Brought(1, 2)).padded(1);
        yield of(ranks, run, slots, full, three, three);
      }
      case MUCH_PADDING -> of(ranks, run, slots, prompts, both.padded(2), both.padded(6), both);
      case ONE_OF_THREE_ACCEPTED -> {
        CacheStep one = CacheStep.of(new Brought(0, 1));
        yield of(ranks, run, slots, prompts, CacheStep.of(new Brought(0, 3, 2)), one, one);
      }
      case NO_DRAFT_ACCEPTED ->
          of(ranks, run, slots, prompts, CacheStep.of(new Brought(0, 4, 4)), both, both);
      case ALL_DRAFTS_ACCEPTED ->
          of(ranks, run, slots, prompts, CacheStep.of(new Brought(0, 4)), both);
      case DRAFTS_BEGIN_PAGES -> {
        CacheStep drafts = CacheStep.of(new Brought(0, page + 1, page));
        yield of(
            ranks,
            run,
            slots,
            CacheStep.of(new Brought(0, page), new Brought(1, 1)),
            drafts,
            both,
            drafts,
            both);
      }
      case DRAFTS_OF_TWO_REQUESTS -> {
        CacheStep drafts = CacheStep.of(new Brought(0, 4, 1), new Brought(1, 4, 3));
        yield of(ranks, run, slots, prompts, drafts, both, drafts, both);
      }
      case NUMBER_USED_AGAIN -> {
        CacheStep end = CacheStep.of(new Brought(0, 3)).closing(0);
        yield of(ranks, run, slots, prompts, end, CacheStep.of(new Brought(0, 1)), both);
      }
      case PAGES_USED_AGAIN ->
          of(
              ranks,
              run,
              slots,
              prompts,
              both.closing(0),
              CacheStep.of(new Brought(2, some), new Brought(1, 1)),
              CacheStep.of(new Brought(1, 1), new Brought(2, 1)));
      case PAGES_OF_DRAFTS_USED_AGAIN -> {
        CacheStep drafts = CacheStep.of(new Brought(0, page, page), new Brought(1, 1)).closing(0);
        CacheStep others = CacheStep.of(new Brought(2, 2 * page), new Brought(3, page));
        CacheStep later = CacheStep.of(new Brought(1, 1), new Brought(2, 1), new Brought(3, 1));
        yield of(ranks, run, slots, CacheStep.of(new Brought(0, page)), drafts, others, later);
      }
    };
  }

  private CacheCase of(int ranks, int run, int slots, CacheStep... steps) {
    return new CacheCase(ranks, run, slots, List.of(steps), Set.of(this));
  }
}

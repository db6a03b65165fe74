package dev.helix.laws.decode.cases;

import dev.helix.laws.cover.CoveringArray;
import dev.helix.laws.decode.cases.DecodeDraft.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One row of a pairwise cover. It chooses the rules of scores, the rank that keeps no token, the
 * number and the length of requests, the layout of heads, and whether the exchange is overlapped
 * request by request (HOP-B). Every two of these choices stand together in some row, except latent
 * attention with a rule of scores: {@link DecodeCase} refuses that, because latent attention has no
 * rule besides its scale.
 *
 * @param hopB whether requests are launched by themselves; every other single request is too, which
 *     changes nothing
 * @param beyondTile whether a query sees more than 64 tokens of a shard
 */
record DecodeCover(
    Rules rules, EmptyRank empty, Heads heads, Launch launch, boolean hopB, boolean beyondTile) {
  /** Says which of three KVP ranks keeps no token of any request. */
  enum EmptyRank {
    NONE,
    FIRST,
    MIDDLE,
    LAST
  }

  /** How query heads share KV heads, and whether attention is latent. */
  enum Heads {
    GROUPED,
    /** One query head for each KV head, and one that each rank owns after the exchange. */
    ONE_HEAD,
    LATENT
  }

  /**
   * How many requests there are, and whether each is a launch. One request is one launch with HOP-B
   * too, so that what stands together with pieces stands together with three requests.
   */
  enum Launch {
    ONE_REQUEST,
    THREE_AT_ONCE,
    THREE_IN_PIECES
  }

  private static final int KVP = 3;

  /**
   * Tokens of a run, and so of a full shard: just more than a tile of 64 even where a window hides
   * the first of them, or few.
   */
  private static final int LONG_RUN = 68;

  private static final int SHORT_RUN = 3;

  /**
   * The rows of grouped-query attention, whose scores have rules, followed by those of latent
   * attention.
   */
  static List<DecodeCover> rows() {
    List<DecodeCover> rows = new ArrayList<>();
    int empty = EmptyRank.values().length;
    int launch = Launch.values().length;
    for (int[] row : CoveringArray.pairwise(empty, launch, 2, 2, 2, 2, 2, 2)) {
      Rules rules = new Rules(row[4] == 1, row[5] == 1, row[6] == 1, row[7] == 1);
      Heads heads = row[3] == 0 ? Heads.GROUPED : Heads.ONE_HEAD;
      rows.add(row(rules, heads, rows.size() % 2 == 1, row));
    }
    for (int[] row : CoveringArray.pairwise(empty, launch, 2)) {
      rows.add(row(Rules.PLAIN, Heads.LATENT, rows.size() % 2 == 1, row));
    }
    return List.copyOf(rows);
  }

  private static DecodeCover row(Rules rules, Heads heads, boolean odd, int... levels) {
    Launch launch = Launch.values()[levels[1]];
    boolean hopB = launch == Launch.ONE_REQUEST ? odd : launch == Launch.THREE_IN_PIECES;
    return new DecodeCover(
        rules, EmptyRank.values()[levels[0]], heads, launch, hopB, levels[2] == 1);
  }

  /** Draws one case of each row. */
  static List<DecodeCase> cases(SplittableRandom random) {
    return rows().stream()
        .map(row -> row.draw(new DecodeDraft(random)).build(Set.of(DecodeHardCase.COVERED_PAIRS)))
        .toList();
  }

  DecodeDraft draw(DecodeDraft draft) {
    switch (heads) {
      case GROUPED -> draft.heads(6, 2, 2).layout(KVP, 1);
      case ONE_HEAD -> draft.heads(3, 3, 2).layout(KVP, 1);
      case LATENT -> draft.heads(3, 1, 2).layout(KVP, 1).latent();
    }
    draft.rules = rules;
    draft.hopB = hopB;
    draft.endsTogether = true;
    int run = beyondTile ? LONG_RUN : SHORT_RUN;
    draft.runLength = run;
    // More than a run, so that two ranks have visible tokens, and less than a round or a request.
    draft.window = OptionalInt.of(run + 1);
    // A slope as steep as for few tokens would leave the far ranks no weight.
    draft.steepest = beyondTile ? 0.02 : 0.5;
    draft.turn =
        switch (empty) {
          case NONE, LAST -> 0;
          case FIRST -> 2;
          case MIDDLE -> 1;
        };
    int length = length(draft.random);
    if (launch == Launch.ONE_REQUEST) {
      draft.requests(length);
    } else if (beyondTile) {
      draft.requests(3, length, 4);
    } else {
      draft.requests(length, length(draft.random), length(draft.random));
    }
    return draft;
  }

  /** The rounds leave the last shard empty, or none; which rank keeps that one is turned. */
  private int length(SplittableRandom random) {
    int living = empty == EmptyRank.NONE ? KVP : KVP - 1;
    // The last of the living has at least two tokens: long requests are no longer than they must
    // be.
    int run = beyondTile ? LONG_RUN : SHORT_RUN;
    return (living - 1) * run + (beyondTile ? 4 : SHORT_RUN) - random.nextInt(2);
  }
}

package dev.helix.laws.attention;

import dev.helix.laws.cover.CoveringArray;
import dev.helix.laws.tokens.TokenOwners;
import java.util.List;
import java.util.Set;

/**
 * One row of a pairwise cover. It chooses the rules of scores, the shard that has no tokens, the
 * length of the other shards, and the layout of heads. Every two of these choices that an
 * implementation's features allow stand together in some row. The number of requests in a launch is
 * not among the choices, because the law of batches tries each row with one request and with three.
 *
 * @param beyondTile whether a shard has more than 64 tokens
 */
record AttentionCover(Rules rules, EmptyShard empty, boolean beyondTile, Layout layout) {

  /**
   * Rules besides scaled products.
   *
   * @param window a window of fewer tokens than a round of the placement
   * @param slopes scores that fall with distance
   */
  record Rules(boolean window, boolean sinks, boolean softCap, boolean slopes) {}

  /** Says which of three shards has no tokens. */
  enum EmptyShard {
    NONE,
    FIRST,
    MIDDLE,
    LAST
  }

  /** How query heads share KV heads, and whether values are parts of keys. */
  enum Layout {
    GROUPED,
    ONE_HEAD,
    /** Several heads on one latent, the first components of which are the value. */
    LATENT
  }

  private static final int SHARDS = 3;

  /** Tokens of a run, and so of a full shard: more than a tile of 64, or few. */
  private static final int LONG_RUN = 80;

  private static final int SHORT_RUN = 2;

  /** The rows for an implementation with these features. */
  static List<AttentionCover> of(Set<AttentionFeature> features) {
    return CoveringArray.pairwise(
            levels(features, AttentionFeature.WINDOW),
            levels(features, AttentionFeature.SINK),
            levels(features, AttentionFeature.SOFT_CAP),
            levels(features, AttentionFeature.ALIBI),
            EmptyShard.values().length,
            2,
            layouts(features))
        .stream()
        .map(AttentionCover::row)
        .toList();
  }

  private static int levels(Set<AttentionFeature> features, AttentionFeature feature) {
    return features.contains(feature) ? 2 : 1;
  }

  /** A latent has values narrower than keys. */
  private static int layouts(Set<AttentionFeature> features) {
    int all = Layout.values().length;
    return features.contains(AttentionFeature.VALUE_WIDTH) ? all : all - 1;
  }

  private static AttentionCover row(int... levels) {
    return new AttentionCover(
        new Rules(levels[0] == 1, levels[1] == 1, levels[2] == 1, levels[3] == 1),
        EmptyShard.values()[levels[4]],
        levels[5] == 1,
        Layout.values()[levels[6]]);
  }

  static AttentionDraft draw(AttentionDrawing of, int variant) {
    return of(of.features()).get(variant).draw(of);
  }

  private AttentionDraft draw(AttentionDrawing of) {
    int[] heads =
        switch (layout) {
          case GROUPED -> new int[] {4, 2};
          case ONE_HEAD -> new int[] {1, 1};
          case LATENT -> new int[] {3, 1};
        };
    AttentionDraft draft = of.levelled(2, heads, owners(of));
    if (layout == Layout.LATENT && of.can(AttentionFeature.SEPARATE_VALUES)) {
      draft.setValuesBeforeKeys();
      draft.valuesInKeys = false;
      draft.values = draft.firstOfKeys();
    }
    draft.queryPositions = AttentionDraft.lastPositions(2, draft.owners.tokens());
    if (rules.window) {
      draft.window = run();
    }
    if (rules.sinks) {
      draft.sinks = of.onScoreGrid(draft.heads, head -> of.spread(3));
    }
    if (rules.softCap) {
      draft.softCap = of.oneOf(1, 2, 4);
    }
    if (rules.slopes) {
      double steepest = beyondTile ? 0.02 : 1;
      draft.slopes = of.onScoreGrid(draft.heads, head -> Math.abs(of.spread(steepest)));
    }
    return draft;
  }

  private int run() {
    return beyondTile ? LONG_RUN : SHORT_RUN;
  }

  /** The rule leaves its last part empty, or none; which shard has that part is turned. */
  private TokenOwners owners(AttentionDrawing of) {
    int run = run();
    int living = empty == EmptyShard.NONE ? SHARDS : SHARDS - 1;
    // The last of the living is short of a token or none, and not empty.
    TokenOwners dealt = TokenOwners.inRuns(SHARDS, run, living * run - of.from(0, 1));
    return switch (empty) {
      case NONE, LAST -> dealt;
      case FIRST -> dealt.turnedBy(1);
      case MIDDLE -> dealt.turnedBy(2);
    };
  }
}

package dev.helix.laws.attention;

import dev.helix.laws.tokens.Needle;
import dev.helix.laws.tokens.TokenOwners;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * The inputs of partial attention that have broken shipped kernels. Half of all drawn cases are one
 * of them. Inputs that need a feature are only for implementations that have it.
 */
public enum AttentionHardCase {
  NO_TOKENS,
  ONE_TOKEN,
  FEWER_TOKENS_THAN_SHARDS,
  ONE_LESS_THAN_WHOLE_ROUNDS,
  WHOLE_ROUNDS,
  ONE_MORE_THAN_WHOLE_ROUNDS,
  GAP_20,
  GAP_88,
  GAP_104,
  GAP_709,
  GAP_746,
  ALL_MINUS_1E5,
  MIXED_1E4,
  LOW_PAGE_FIRST,
  LOW_PAGE_LAST,
  MASS_48_TO_1,
  MASS_1E6_TO_1,
  UNEQUAL_SHARDS,
  CANCELLING_VALUES,
  ZEROS_AND_SUBNORMALS,
  ONE_OF_133_LIVES,
  ONE_OF_256_LIVES,
  MANY_EQUAL_SHARDS,
  EQUAL_AXES,
  RAGGED_QUERIES,
  QUERIES_ACROSS_OWNERS,
  POISONED_PAGES,
  HEADS_32_ON_2,
  HEADS_28_ON_7,
  ONE_KV_HEAD,
  ODD_WIDTH_7,
  PAGE_EDGES,
  /** A shard has as many tokens as a tile of a kernel, one less, or one more. */
  SLOTS_AT_TILE_EDGES,
  /** There are as many query heads as a tile has, one less, or one more. */
  HEADS_AT_TILE_EDGES,
  /** There are as many query tokens as a tile has, one less, or one more. */
  QUERIES_AT_TILE_EDGES,
  /** Keys and values are as wide as those of models. */
  WIDTHS_OF_MODELS,
  /**
   * The tokens fill a tile and a half. Padding, or tokens that a query does not see yet, fill the
   * rest of the second tile.
   */
  HALF_DEAD_TAIL,
  LATENT_12_HEADS,
  WIDTHS_576_512,
  VALUES_WIDER_THAN_KEYS,
  /** One step brings several tokens of a request, and the later ones have most of the weight. */
  FOUR_DRAFTS,
  WINDOW_ACROSS_OWNERS,
  WINDOW_OVER_MANY_SLOTS,
  /** The first token in the window outweighs all others, and the one before it would. */
  HEAVY_EDGE_OF_WINDOW,
  NOTHING_IN_THE_WINDOW,
  SINK_WITHOUT_TOKENS,
  SINK_FAR_FROM_SCORES,
  CAP_REACHED,
  ALIBI_ACROSS_OWNERS,
  ALIBI_OVER_MANY_SLOTS,
  UNEQUAL_SCALES,
  /** The request begins at a high position, and what was before it is not there. */
  FAR_POSITIONS,
  /** Queries and keys still have to be turned, by each of the rotary rules that models have. */
  ROTATED,
  /** Every two choices of rules, layouts of heads, empty shards and lengths occur together. */
  COVERED_PAIRS,
  /** One token of each kind that a needle has a million of; the case of a law of its own. */
  NEEDLE;

  /** Positions at which requests begin, a little below 2⁸, 2¹², 2¹⁶ and 2²⁰. */
  static final List<Integer> OFFSETS = List.of(255, 4095, 65535, (1 << 20) - 1);

  /** Kinds whose cases have an axis as long as the tiles of kernels. */
  static final Set<AttentionHardCase> LONG =
      EnumSet.of(
          SLOTS_AT_TILE_EDGES,
          HEADS_AT_TILE_EDGES,
          QUERIES_AT_TILE_EDGES,
          WIDTHS_OF_MODELS,
          HALF_DEAD_TAIL,
          NEEDLE);

  /** The kinds of cases on which every law may be tried. */
  public static Set<AttentionHardCase> forAnyLaw() {
    return EnumSet.complementOf(EnumSet.of(NEEDLE));
  }

  static final int PAGE_SLOTS = 3;

  /**
   * Number of slots of a long page: more than a block of the exact reading's kernel has, and more
   * than the tiles of most kernels.
   */
  static final int LONG_PAGE_SLOTS = 96;

  /** Slots of pages and of tiles. */
  private static final int[] PAGES = {PAGE_SLOTS, 16, 64, LONG_PAGE_SLOTS};

  private static final int[] ONE_HEAD = {1, 1};
  private static final int[][] FEW_HEADS = {{1, 1}, {2, 1}, {2, 2}, {4, 2}};

  /** Whether an implementation with these features can be given cases of this kind. */
  public boolean isFor(Set<AttentionFeature> features) {
    return switch (this) {
      case LATENT_12_HEADS, WIDTHS_576_512 -> features.contains(AttentionFeature.VALUE_WIDTH);
      case VALUES_WIDER_THAN_KEYS ->
          features.contains(AttentionFeature.VALUE_WIDTH)
              && features.contains(AttentionFeature.SEPARATE_VALUES);
      case WINDOW_ACROSS_OWNERS,
          WINDOW_OVER_MANY_SLOTS,
          HEAVY_EDGE_OF_WINDOW,
          NOTHING_IN_THE_WINDOW ->
          features.contains(AttentionFeature.WINDOW);
      case SINK_WITHOUT_TOKENS, SINK_FAR_FROM_SCORES -> features.contains(AttentionFeature.SINK);
      case CAP_REACHED -> features.contains(AttentionFeature.SOFT_CAP);
      case ALIBI_ACROSS_OWNERS, ALIBI_OVER_MANY_SLOTS -> features.contains(AttentionFeature.ALIBI);
      case UNEQUAL_SCALES -> features.contains(AttentionFeature.QUANTISATION_SCALES);
      case ROTATED ->
          features.contains(AttentionFeature.ROTARY)
              && features.contains(AttentionFeature.SEPARATE_VALUES);
      case NEEDLE -> features.contains(AttentionFeature.MILLION_TOKENS);
      default -> true;
    };
  }

  /** Number of cases of this kind that every run has. */
  int variants(Set<AttentionFeature> features) {
    return switch (this) {
      case SLOTS_AT_TILE_EDGES -> TileEdges.slotVariants();
      case HEADS_AT_TILE_EDGES -> TileEdges.headVariants();
      case QUERIES_AT_TILE_EDGES -> TileEdges.queryVariants();
      case WIDTHS_OF_MODELS -> TileEdges.widthVariants();
      case HALF_DEAD_TAIL -> TileEdges.tailVariants();
      case FAR_POSITIONS -> OFFSETS.size();
      case ROTATED -> RotaryRules.of(features).size();
      case COVERED_PAIRS -> AttentionCover.of(features).size();
      case NEEDLE -> Needle.least().size();
      default -> 1;
    };
  }

  /** Draws a case of this kind. */
  AttentionCase make(AttentionDrawing of) {
    return make(of, of.below(variants(of.features())));
  }

  /** Draws one of the cases of this kind that every run has. */
  AttentionCase make(AttentionDrawing of, int variant) {
    if (this == NEEDLE) {
      return NeedleInTokens.draw(of, Needle.least().get(variant));
    }
    int tokens = of.from(1, 2);
    int shards = of.from(2, 4);
    int[] heads = FEW_HEADS[of.below(FEW_HEADS.length)];
    TokenOwners some = TokenOwners.inRuns(shards, of.from(1, 3), of.from(2, 8));
    AttentionDraft draft =
        switch (this) {
          case NO_TOKENS -> plain(of, tokens, heads, TokenOwners.inRuns(shards, 1, 0));
          case ONE_TOKEN -> plain(of, tokens, heads, TokenOwners.inRuns(of.from(1, 4), 1, 1));
          case FEWER_TOKENS_THAN_SHARDS ->
              plain(of, tokens, heads, TokenOwners.inRuns(2 * shards, 1, of.from(1, 3)));
          case ONE_LESS_THAN_WHOLE_ROUNDS -> rounds(of, -1);
          case WHOLE_ROUNDS -> rounds(of, 0);
          case ONE_MORE_THAN_WHOLE_ROUNDS -> rounds(of, 1);
          case GAP_20 -> gap(of, tokens, heads, 20);
          case GAP_88 -> gap(of, tokens, heads, 88.5);
          case GAP_104 -> gap(of, tokens, heads, 104);
          case GAP_709 -> gap(of, tokens, heads, 709.9);
          case GAP_746 -> gap(of, tokens, heads, 746);
          case ALL_MINUS_1E5 -> of.scored(tokens, heads, some, j -> -1e5 + of.spread(4));
          case MIXED_1E4 -> of.scored(tokens, heads, some, j -> of.maybe() ? 1e4 : -1e4);
          case LOW_PAGE_FIRST -> lowPage(of, tokens, true);
          case LOW_PAGE_LAST -> lowPage(of, tokens, false);
          case MASS_48_TO_1 -> mass(of, tokens, heads, 48);
          case MASS_1E6_TO_1 -> mass(of, tokens, heads, 1e6);
          case UNEQUAL_SHARDS -> {
            double[] levels = of.numbers(shards, 40);
            TokenOwners dealt = TokenOwners.inRuns(shards, 1, 2 * shards);
            yield of.scored(tokens, heads, dealt, j -> levels[j % shards] + of.spread(1));
          }
          case CANCELLING_VALUES -> cancelling(of, tokens, heads);
          case ZEROS_AND_SUBNORMALS -> subnormal(of, tokens, heads, some);
          case ONE_OF_133_LIVES -> oneLives(of, 133);
          case ONE_OF_256_LIVES -> oneLives(of, 256);
          case MANY_EQUAL_SHARDS ->
              of.scored(1, ONE_HEAD, TokenOwners.inRuns(32, 1, 32), j -> -2.5);
          case EQUAL_AXES ->
              of.drawn(3, new int[] {3, 3}, 3, 3, TokenOwners.inRuns(3, of.oneOf(1, 3), 9), 2);
          case RAGGED_QUERIES -> {
            AttentionDraft ragged = plain(of, 3, heads, some);
            ragged.queryPositions = new int[] {0, some.tokens() / 2, some.tokens() - 1};
            yield ragged;
          }
          case QUERIES_ACROSS_OWNERS -> acrossOwners(of, heads);
          case POISONED_PAGES -> {
            AttentionDraft poisoned = plain(of, tokens, heads, some);
            poisoned.padding = of.from(1, 3 * PAGE_SLOTS);
            yield poisoned;
          }
          case HEADS_32_ON_2 -> headed(of, 32, 2);
          case HEADS_28_ON_7 -> headed(of, 28, 7);
          case ONE_KV_HEAD -> plain(of, tokens, new int[] {of.from(2, 6), 1}, some);
          case ODD_WIDTH_7 -> of.drawn(tokens, heads, 7, 7, some, 2);
          case PAGE_EDGES -> TileEdges.pages(of, of.oneOf(1, 2) * PAGE_SLOTS);
          case SLOTS_AT_TILE_EDGES -> TileEdges.slots(of, variant);
          case HEADS_AT_TILE_EDGES -> TileEdges.heads(of, variant);
          case QUERIES_AT_TILE_EDGES -> TileEdges.queries(of, variant);
          case WIDTHS_OF_MODELS -> TileEdges.widths(of, variant);
          case HALF_DEAD_TAIL -> TileEdges.halfDeadTail(of, variant);
          case LATENT_12_HEADS -> of.drawn(1, new int[] {12, 1}, 6, 4, some, 2);
          case WIDTHS_576_512 -> of.drawn(1, ONE_HEAD, 576, 512, TokenOwners.inRuns(2, 1, 3), 1);
          case VALUES_WIDER_THAN_KEYS -> of.drawn(tokens, heads, 2, of.from(3, 9), some, 2);
          case FOUR_DRAFTS -> {
            TokenOwners dealt = TokenOwners.inRuns(2, 1, of.from(6, 9));
            yield of.scored(4, heads, dealt, j -> 2.0 * j);
          }
          case WINDOW_ACROSS_OWNERS -> {
            AttentionDraft narrow = acrossOwners(of, heads);
            narrow.window = of.from(2, 5);
            yield narrow;
          }
          case WINDOW_OVER_MANY_SLOTS -> {
            AttentionDraft narrow = manySlots(of);
            narrow.window = of.from(3, 20);
            yield narrow;
          }
          case HEAVY_EDGE_OF_WINDOW -> {
            int window = of.from(3, 6);
            int edge = some.tokens() + of.from(1, 3) - 1;
            TokenOwners longer = TokenOwners.inRuns(shards, of.from(1, 3), edge + window);
            AttentionDraft heavy =
                of.scored(1, heads, longer, j -> j == edge ? 7 : j == edge - 1 ? 14 : 0);
            heavy.window = window;
            yield heavy;
          }
          case NOTHING_IN_THE_WINDOW -> {
            AttentionDraft beyond = plain(of, 2, heads, some);
            beyond.window = of.from(1, 3);
            beyond.queryPositions =
                new int[] {of.below(some.tokens()), some.tokens() + beyond.window + of.below(2)};
            yield beyond;
          }
          case SINK_WITHOUT_TOKENS ->
              sunk(of, plain(of, tokens, heads, TokenOwners.inRuns(shards, 1, 0)), 3);
          case SINK_FAR_FROM_SCORES -> sunk(of, plain(of, tokens, heads, some), 746);
          case CAP_REACHED -> {
            double most = of.maybe() ? 400 : -400;
            AttentionDraft high =
                of.scored(tokens, heads, some, j -> j == 0 ? most : of.spread(400));
            high.softCap = of.oneOf(1, 8, 50);
            yield high;
          }
          case ALIBI_ACROSS_OWNERS -> {
            AttentionDraft far = acrossOwners(of, heads);
            far.slopes = of.onScoreGrid(heads[0], head -> Math.abs(of.spread(4)));
            yield far;
          }
          case ALIBI_OVER_MANY_SLOTS -> {
            AttentionDraft far = manySlots(of);
            far.slopes = of.onScoreGrid(1, head -> Math.abs(of.spread(0.02)));
            yield far;
          }
          case UNEQUAL_SCALES -> {
            AttentionDraft scaled = plain(of, tokens, heads, some);
            scaled.keyScale = 0.125;
            scaled.valueScale = 8;
            yield scaled;
          }
          case FAR_POSITIONS -> far(of, OFFSETS.get(variant));
          case ROTATED -> RotaryRules.of(of.features()).get(variant).draw(of);
          case COVERED_PAIRS -> AttentionCover.draw(of, variant);
          case NEEDLE -> throw new IllegalStateException("a needle is more than a draft");
        };
    return of.done(draft, this);
  }

  private static AttentionDraft plain(
      AttentionDrawing of, int tokens, int[] heads, TokenOwners owners) {
    return of.drawn(tokens, heads, of.from(1, 3), of.from(1, 3), owners, 2);
  }

  /** S = k·N·I and one more or less: where a placement's turns end. */
  private static AttentionDraft rounds(AttentionDrawing of, int more) {
    int shards = of.oneOf(1, 2, 3, 4, 8);
    int run = of.oneOf(1, PAGE_SLOTS, 16);
    int round = shards * run;
    int tokens = round * (round > 16 ? 1 : of.from(1, 3)) + more;
    return plain(of, of.from(1, 2), ONE_HEAD, TokenOwners.inRuns(shards, run, tokens));
  }

  /** Every other token, or every other shard, that far below the others. */
  private static AttentionDraft gap(AttentionDrawing of, int tokens, int[] heads, double gap) {
    double top = of.maybe() ? 0 : gap;
    int rising = of.below(2);
    TokenOwners owners = TokenOwners.inRuns(of.from(1, 3), of.from(1, 2), of.from(2, 6));
    return of.scored(
        tokens, heads, owners, j -> j % 2 == rising ? top - gap : top - Math.abs(of.spread(1)));
  }

  /**
   * Draws shards that each have a page or a tile with scores so low that its weight vanishes beside
   * the others.
   */
  private static AttentionDraft lowPage(AttentionDrawing of, int tokens, boolean first) {
    int shards = of.from(1, 2);
    int low = shards * of.oneOf(PAGES);
    int others = shards * of.from(2, 5);
    int from = first ? 0 : others;
    return of.scored(
        tokens,
        ONE_HEAD,
        TokenOwners.inRuns(shards, 1, low + others),
        j -> of.spread(1) + (j >= from && j < from + low ? -1e5 : 0));
  }

  private static AttentionDraft mass(AttentionDrawing of, int tokens, int[] heads, double ratio) {
    int context = of.from(2, 5);
    int heavy = of.below(context);
    IntToDoubleFunction score = j -> j == heavy ? StrictMath.log(ratio) : 0;
    AttentionDraft draft = of.scored(tokens, heads, TokenOwners.inRuns(context, 1, context), score);
    // All queries see all tokens, or the heavy one might be out of sight.
    Arrays.fill(draft.queryPositions, context - 1);
    return draft;
  }

  private static AttentionDraft cancelling(AttentionDrawing of, int tokens, int[] heads) {
    AttentionDraft draft = of.scored(tokens, heads, TokenOwners.inRuns(4, 1, 4), j -> -1.5);
    int width = draft.kvHeads * draft.valueDim;
    Arrays.fill(draft.values, 0, width, 1e4);
    Arrays.fill(draft.values, 2 * width, 3 * width, -1e4);
    return draft;
  }

  private static AttentionDraft subnormal(
      AttentionDrawing of, int tokens, int[] heads, TokenOwners owners) {
    AttentionDraft draft = of.scored(tokens, heads, owners, j -> of.spread(3));
    double[] small = {0.0, -0.0, 3 * Double.MIN_VALUE, 1e-310, 1e-40};
    draft.values =
        of.onGrid(draft.values.length, i -> small[of.below(small.length)] * (of.maybe() ? 1 : -1));
    return draft;
  }

  private static AttentionDraft oneLives(AttentionDrawing of, int shards) {
    int[] tokensOfShards = new int[shards];
    tokensOfShards[of.below(shards)] = of.from(1, 3);
    return plain(of, 1, ONE_HEAD, of.shuffled(tokensOfShards));
  }

  private static AttentionDraft headed(AttentionDrawing of, int heads, int kvHeads) {
    TokenOwners owners = TokenOwners.inRuns(2, 1, of.from(3, 4));
    return of.drawn(1, new int[] {heads, kvHeads}, of.from(1, 2), of.from(1, 2), owners, 2);
  }

  /** Several query tokens, on both sides of the end of a run. */
  private static AttentionDraft acrossOwners(AttentionDrawing of, int[] heads) {
    int tokens = of.from(2, 4);
    int run = of.from(2, 4);
    int context = run * of.from(1, 3) + of.from(1, tokens - 1);
    return plain(of, tokens, heads, TokenOwners.inRuns(of.from(2, 3), run, context));
  }

  /** More than a tile on each of two shards, dealt by a rule. */
  private static AttentionDraft manySlots(AttentionDrawing of) {
    TokenOwners owners = TokenOwners.inRuns(2, of.oneOf(1, 16), of.from(150, 170));
    return plain(of, 1, ONE_HEAD, owners);
  }

  /** Draws a request at a high position, with a window and ALiBi if the implementation has them. */
  private static AttentionDraft far(AttentionDrawing of, int offset) {
    AttentionDraft draft = acrossOwners(of, new int[] {2, 1});
    draft.offset = offset;
    draft.window = of.can(AttentionFeature.WINDOW) ? of.from(2, 5) : 0;
    if (of.can(AttentionFeature.ALIBI)) {
      draft.slopes = of.onScoreGrid(2, head -> Math.abs(of.spread(1)));
    }
    return draft;
  }

  private static AttentionDraft sunk(AttentionDrawing of, AttentionDraft draft, double far) {
    draft.sinks = of.onScoreGrid(draft.heads, head -> of.maybe() ? far : -far);
    return draft;
  }
}

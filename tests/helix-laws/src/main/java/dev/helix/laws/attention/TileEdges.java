package dev.helix.laws.attention;

import dev.helix.laws.tokens.TokenOwners;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Inputs one axis of which is as long as a tile of some kernel, or shorter or longer by one, while
 * all others are short. At these lengths a kernel takes another path, and may forget the part
 * behind the last whole tile.
 */
final class TileEdges {
  /** Slots of the tiles of kernels, and of their splits. */
  private static final int[] TILES = {16, 32, 64, 128, 256, 512};

  /** Heads of them. */
  private static final int[] HEAD_TILES = {16, 32, 64, 96, 128, 256, 512};

  /** Query tokens of them; a step of more is a prompt. */
  private static final int[] QUERY_TILES = {16, 64, 128};

  /** Widths of keys and values; MLA without absorption has 192 and 128. */
  private static final int[][] WIDTHS = {
    {64, 64}, {96, 96}, {128, 128}, {192, 192}, {192, 128}, {256, 256}, {512, 512}, {576, 576}
  };

  /** Numbers of heads at a tile, with the ways in which they share KV heads. */
  private static final int HEAD_LAYOUTS = 5;

  private TileEdges() {}

  static int slotVariants() {
    return 2 * TILES.length;
  }

  static int headVariants() {
    return HEAD_LAYOUTS * HEAD_TILES.length;
  }

  static int queryVariants() {
    return 3 * QUERY_TILES.length;
  }

  static int widthVariants() {
    return WIDTHS.length;
  }

  static int tailVariants() {
    return TILES.length;
  }

  /**
   * Draws three shards of b − 1, b and b + 1 tokens for a tile of b, with one head or with two
   * groups of heads.
   */
  static AttentionDraft slots(AttentionDrawing of, int variant) {
    int tile = TILES[variant / 2];
    int[] heads = variant % 2 == 0 ? new int[] {1, 1} : new int[] {4, 2};
    AttentionDraft draft = of.levelled(1, heads, of.shuffled(tile - 1, tile, tile + 1));
    draft.queryPositions[0] = draft.owners.tokens() - 1;
    return draft;
  }

  /** Three shards of as many tokens as some pages have slots, one less and one more. */
  static AttentionDraft pages(AttentionDrawing of, int slots) {
    int keyDim = of.from(1, 2);
    int valueDim = of.from(1, 2);
    TokenOwners owners = of.shuffled(slots - 1, slots, slots + 1);
    AttentionDraft draft = of.drawn(1, new int[] {1, 1}, keyDim, valueDim, owners, 2);
    draft.queryPositions[0] = draft.owners.tokens() - 1;
    return draft;
  }

  /**
   * Draws as many query heads as a tile has, one less or one more. They have a KV head each, share
   * one, or share some in groups: of eight at the tile itself, and beside it of as few as its
   * number of heads can be divided into.
   */
  static AttentionDraft heads(AttentionDrawing of, int variant) {
    int tile = HEAD_TILES[variant / HEAD_LAYOUTS];
    int before = smallGroups(tile - 1);
    int behind = smallGroups(tile + 1);
    int[][] heads = {
      {tile - 1, tile - 1},
      {tile - 1, before},
      {tile, tile / 8},
      {tile + 1, 1},
      {tile + 1, behind == 1 ? tile + 1 : behind}
    };
    return of.levelled(1, heads[variant % HEAD_LAYOUTS], TokenOwners.inRuns(2, 1, 3));
  }

  /** Number of the smallest groups of more than one head; 1 if the number of heads is a prime. */
  private static int smallGroups(int heads) {
    return heads
        / IntStream.rangeClosed(2, heads).filter(i -> heads % i == 0).findFirst().orElse(1);
  }

  /**
   * Draws as many query tokens as a tile has, one less or one more, at few positions that do not
   * fall.
   */
  static AttentionDraft queries(AttentionDrawing of, int variant) {
    int tokens = QUERY_TILES[variant / 3] - 1 + variant % 3;
    TokenOwners owners = TokenOwners.inRuns(2, 1, 5);
    AttentionDraft draft = of.levelled(tokens, new int[] {1, 1}, owners);
    Arrays.setAll(draft.queryPositions, t -> t * owners.tokens() / tokens);
    return draft;
  }

  static AttentionDraft widths(AttentionDrawing of, int variant) {
    int[] widths = WIDTHS[variant];
    return of.drawn(1, new int[] {1, 1}, widths[0], widths[1], TokenOwners.inRuns(2, 1, 3), 1);
  }

  /**
   * Draws a tile and a half of tokens. The second query sees all of them, and the first a quarter
   * of a tile less.
   */
  static AttentionDraft halfDeadTail(AttentionDrawing of, int variant) {
    int tile = TILES[variant];
    int tokens = tile + tile / 2;
    AttentionDraft draft = of.levelled(2, new int[] {1, 1}, TokenOwners.inRuns(1, 1, tokens));
    draft.queryPositions = new int[] {tokens - 1 - tile / 4, tokens - 1};
    draft.padding = tile / 2;
    return draft;
  }
}

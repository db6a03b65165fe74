package dev.helix.laws.merge.cases;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A merge one axis of which ends at, just before or just behind the end of a kernel's tile, where
 * the last shard, row or component is easily lost; or one axis of which has a length that systems
 * run, such as the 72 ranks of an NVL72 or 8 heads. All other axes are short.
 *
 * <p>Every number matters. Each row has weights and values of its own, and each shard is one of the
 * few that make up most of some component of some row. So a merge that leaves out a shard, row or
 * component, or takes it twice, is off by more than the bound of any format.
 *
 * @param axis the axis that is long, or that has such a length
 * @param size its length
 * @param halfDead whether about half of the last half has no tokens: whole shards and rows of
 *     shards, or whole rows
 */
public record TileEdge(Axis axis, int size, boolean halfDead) {
  /** The axes of a merge. */
  public enum Axis {
    SHARDS,
    TOKENS,
    HEADS,
    WIDTH
  }

  private static final int[] TILES = {16, 32, 64, 128, 256, 512};
  private static final int[] ROW_TILES = {16, 32, 64, 96, 128, 256, 512};
  private static final int[] WIDTHS = {64, 96, 128, 192, 256, 512, 576};

  /** Ranks that share a sequence, beside powers of two: mostly parts of 72. */
  private static final int[] SHARDS_IN_USE = {10, 12, 14, 24, 36, 48, 72};

  /** Tokens that a draft model proposes, or a small batch. */
  private static final int[] TOKENS_IN_USE = {8};

  /** Query heads of a rank. */
  private static final int[] HEADS_IN_USE = {8, 12, 24};

  private static final int[] WIDTHS_IN_USE = {16, 32, 80};

  private static final double NONE = Double.NEGATIVE_INFINITY;

  /** Shards that share a component of a row. */
  private static final int SHARING = 16;

  private static final int ROWS_OF_SHARDS = 4;

  /** Nats by which a shard is below the greatest: where it counts, and in other rows. */
  private static final double[] NEAR = {0, 0.25, 0.5, 0.75};

  private static final double[] FAR = {3, 3.5, 4, 5};

  /** Different sets of weights that rows have. */
  private static final int KINDS_OF_ROWS = 7;

  /** All edges of tiles, and all lengths in use, that are tried. */
  public static List<TileEdge> all() {
    List<TileEdge> edges = new ArrayList<>();
    inUse(edges, Axis.SHARDS, SHARDS_IN_USE);
    inUse(edges, Axis.TOKENS, TOKENS_IN_USE);
    inUse(edges, Axis.HEADS, HEADS_IN_USE);
    inUse(edges, Axis.WIDTH, WIDTHS_IN_USE);
    for (int tile : TILES) {
      around(edges, Axis.SHARDS, tile);
      edges.add(new TileEdge(Axis.SHARDS, tile, true));
    }
    for (int tile : ROW_TILES) {
      around(edges, Axis.TOKENS, tile);
      edges.add(new TileEdge(Axis.TOKENS, tile, true));
      around(edges, Axis.HEADS, tile);
    }
    for (int width : WIDTHS) {
      edges.add(new TileEdge(Axis.WIDTH, width, false));
    }
    return List.copyOf(edges);
  }

  private static void inUse(List<TileEdge> edges, Axis axis, int[] sizes) {
    for (int size : sizes) {
      edges.add(new TileEdge(axis, size, false));
    }
  }

  private static void around(List<TileEdge> edges, Axis axis, int tile) {
    for (int size = tile - 1; size <= tile + 1; size++) {
      edges.add(new TileEdge(axis, size, false));
    }
  }

  /** Draws a case of these sizes. */
  public MergeCase make(SplittableRandom random) {
    return switch (axis) {
      case SHARDS -> shards(random);
      case TOKENS -> rows(random, size, 1, 1 + random.nextInt(2));
      case HEADS -> rows(random, 1, size, 1 + random.nextInt(2));
      case WIDTH -> rows(random, 1, 1 + random.nextInt(2), size);
    };
  }

  /** Shard s counts in component s of all rows together, round and round, and there alone. */
  private MergeCase shards(SplittableRandom random) {
    int rows = ROWS_OF_SHARDS;
    int heads = 1 << random.nextInt(3);
    int dim = Math.max(2, (size + rows * SHARING - 1) / (rows * SHARING));
    double top = random.nextInt(-2, 3);
    double[] lses = new double[size * rows];
    double[] outputs = new double[lses.length * dim];
    boolean[] empty = new boolean[size];
    for (int shard = size / 2; shard < size; shard++) {
      empty[shard] = halfDead && random.nextBoolean();
    }
    for (int at = 0; at < lses.length; at++) {
      int shard = at / rows;
      int element = shard % (rows * dim);
      boolean counts = element / dim == at % rows;
      boolean mayBeDead = halfDead && shard >= size / 2 && !counts;
      boolean dead = empty[shard] || (mayBeDead && random.nextBoolean());
      double below = counts ? one(random, NEAR) : one(random, FAR);
      lses[at] = dead ? NONE : top - below;
      for (int i = 0; i < dim; i++) {
        double noise = (2 * random.nextDouble() - 1) / 32;
        double sign = random.nextBoolean() ? 1 : -1;
        // As much larger as the weight is smaller.
        double large = sign * (1 + random.nextDouble() / 2) * StrictMath.exp(below);
        double output = counts && element % dim == i ? large : noise;
        outputs[at * dim + i] = dead ? Double.NaN : output;
      }
    }
    return made(random, new int[] {size, rows / heads, heads, dim}, outputs, lses);
  }

  /** Three shards; each row has its own values, and one of a few sets of weights. */
  private MergeCase rows(SplittableRandom random, int tokens, int heads, int dim) {
    int shards = 3;
    int rows = tokens * heads;
    double[][] kinds = new double[KINDS_OF_ROWS][];
    for (int kind = 0; kind < kinds.length; kind++) {
      kinds[kind] = random.doubles(shards, -3, 3).toArray();
    }
    double[] lses = new double[shards * rows];
    double[] outputs = new double[lses.length * dim];
    for (int row = 0; row < rows; row++) {
      boolean dead = halfDead && row >= rows / 2 && random.nextBoolean();
      double[] kind = kinds[random.nextInt(kinds.length)];
      for (int shard = 0; shard < shards; shard++) {
        int at = shard * rows + row;
        lses[at] = dead ? NONE : kind[shard];
        for (int i = 0; i < dim; i++) {
          outputs[at * dim + i] = dead ? Double.NaN : 4 * random.nextDouble() - 2;
        }
      }
    }
    return made(random, new int[] {shards, tokens, heads, dim}, outputs, lses);
  }

  private static double one(SplittableRandom random, double[] of) {
    return of[random.nextInt(of.length)];
  }

  private static MergeCase made(
      SplittableRandom random, int[] shape, double[] outputs, double[] lses) {
    return new MergeCase(
        shape, outputs, lses, EnumSet.of(HardCase.TILE_EDGE), random.nextLong() >>> 1);
  }
}

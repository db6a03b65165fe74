package dev.helix.attention.faults.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.tensor.faults.FaultStory;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Faults of a merge that is right only as long as everything fits into one tile of its kernel. */
public final class TileFaults {
  private static final String SEEN_IN =
      "lightseekorg/tokenspeed#1185, sgl-project/sglang#29720, ROCm/aiter#3391, ROCm/aiter#3606";

  private static final int SHARDS_OF_A_TILE = 32;
  private static final int HEADS_OF_A_TILE = 64;
  private static final int TOKENS_OF_A_TILE = 128;
  private static final int WIDTH_OF_A_TILE = 256;

  public static final MergeFault SHARDS_BEYOND_A_TILE =
      fault(
          "shards beyond a tile are left out",
          "One warp merges the shards, a lane for each, and nobody looks at the 33rd.",
          "Tests merge as many shards as the machine on the desk has GPUs, and the LSEs of random"
              + " scores are so equal that the mean hardly moves.",
          TileFaults::firstShards);

  public static final MergeFault HEADS_BEYOND_A_TILE =
      fault(
          "heads beyond a tile stay unmerged",
          "The grid has one block for 64 heads. The heads behind them keep what was in the buffer:"
              + " the part of the first shard.",
          "Under tensor parallelism no rank has so many heads; under MLA every rank has all 128.",
          TileFaults::firstHeads);

  public static final MergeFault TOKENS_BEYOND_A_TILE =
      fault(
          "tokens beyond a tile are not written",
          "The kernel writes one tile of the batch, and the rest of the output stays 0.",
          "A batch that large comes with load, and a test has a few requests.",
          TileFaults::firstTokens);

  public static final MergeFault WIDTH_BEYOND_A_TILE =
      fault(
          "component offsets wrap at the width of a tile",
          "The offset of a component is taken modulo the width that the kernel was written for, and"
              + " components from 256 on repeat the first ones.",
          "Heads have 64 or 128 components; the latents of MLA have 512.",
          TileFaults::wrappedWidth);

  public static final MergeFault ONE_SHARD_GIVES_ZERO =
      fault(
          "one shard alone gives 0",
          "With a single split there is nothing to reduce, so the kernel that reduces is skipped,"
              + " and with it the copy of the only part to the output.",
          "Tests of the merge merge several parts; a short request has one.",
          states ->
              states.shards() == 1
                  ? withOutputs(
                      states.merged(RowMerge::correct), new double[states.rows() * states.dim()])
                  : states.merged(RowMerge::correct));

  private TileFaults() {}

  /** All faults of this kind. */
  public static List<MergeFault> all() {
    return List.of(
        SHARDS_BEYOND_A_TILE,
        HEADS_BEYOND_A_TILE,
        TOKENS_BEYOND_A_TILE,
        WIDTH_BEYOND_A_TILE,
        ONE_SHARD_GIVES_ZERO);
  }

  private static MergeFault fault(
      String name, String wentWrong, String whyMissed, UnaryOperator<PlainStates> merge) {
    return new MergeFault(
        new FaultStory(name, SEEN_IN, wentWrong, whyMissed), Convention.of(Precision.FP64), merge);
  }

  private static PlainStates withOutputs(PlainStates states, double[] outputs) {
    return new PlainStates(states.shards(), states.rows(), states.heads(), outputs, states.lses());
  }

  private static PlainStates firstShards(PlainStates states) {
    return states.merged(
        (lses, outputs) -> {
          int some = Math.min(SHARDS_OF_A_TILE, lses.length);
          return RowMerge.correct(Arrays.copyOf(lses, some), Arrays.copyOf(outputs, some));
        });
  }

  private static PlainStates firstHeads(PlainStates states) {
    PlainStates merged = states.merged(RowMerge::correct);
    int dim = states.dim();
    double[] outputs = merged.outputs();
    for (int row = 0; row < states.rows(); row++) {
      boolean unmerged = row % states.heads() >= HEADS_OF_A_TILE;
      if (unmerged) {
        System.arraycopy(states.outputs(), row * dim, outputs, row * dim, dim);
      }
    }
    return merged;
  }

  private static PlainStates firstTokens(PlainStates states) {
    PlainStates merged = states.merged(RowMerge::correct);
    int written = Math.min(states.rows(), TOKENS_OF_A_TILE * states.heads()) * states.dim();
    return withOutputs(
        merged, Arrays.copyOf(Arrays.copyOf(merged.outputs(), written), merged.outputs().length));
  }

  private static PlainStates wrappedWidth(PlainStates states) {
    PlainStates merged = states.merged(RowMerge::correct);
    double[] outputs = merged.outputs().clone();
    for (int at = 0; at < outputs.length; at++) {
      int component = at % states.dim();
      outputs[at] = merged.outputs()[at - component + component % WIDTH_OF_A_TILE];
    }
    return withOutputs(merged, outputs);
  }
}

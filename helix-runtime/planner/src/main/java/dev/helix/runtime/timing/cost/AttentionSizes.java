package dev.helix.runtime.timing.cost;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;

/**
 * The sizes of one launch of attention over the cache.
 *
 * @param requests number of requests that have tokens on the rank
 * @param kvHeads number of KV heads of the rank; 1 with latent attention
 * @param rows number of query rows of all requests; with drafts a request has several
 * @param heads number of query heads of the rank
 * @param width components of a value
 */
public record AttentionSizes(int requests, int kvHeads, int rows, int heads, int width) {
  /** Whether a launch is attention over the cache. */
  public static boolean isAttention(Launch launch) {
    CostFamily family = launch.kind().family();
    return family == CostFamily.GQA_ATTENTION || family == CostFamily.MLA_ATTENTION;
  }

  /**
   * The sizes of a launch.
   *
   * @throws IllegalArgumentException if it is no attention
   */
  public static AttentionSizes of(Launch launch) {
    if (!isAttention(launch)) {
      throw new IllegalArgumentException(launch.name() + " is no attention over a cache");
    }
    Spec output = launch.writes().get(0);
    int parts = 0;
    int kvHeads = 1;
    for (Spec read : launch.reads()) {
      if (read.has(Axis.SLOTS)) {
        parts += read.size(Axis.BATCH);
        kvHeads = read.size(Axis.KV_HEADS);
      }
    }
    // Keys and values are two tensors, and the latents of MLA are both.
    boolean two = launch.kind().family() == CostFamily.GQA_ATTENTION;
    return new AttentionSizes(
        two ? parts / 2 : parts,
        kvHeads,
        output.size(Axis.BATCH),
        output.size(Axis.HEADS),
        output.size(Axis.HEAD_DIM));
  }

  /** Query rows of a request, rounded up; 0 if no request has tokens here. */
  public int rowsOfRequest() {
    return requests == 0 ? 0 : (rows - 1) / requests + 1;
  }

  /** Queries of a request, of all its rows, that see the same KV head. */
  public int queriesOfKvHead() {
    return rowsOfRequest() * (heads / kvHeads);
  }
}

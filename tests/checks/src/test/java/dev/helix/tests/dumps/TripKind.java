package dev.helix.tests.dumps;

import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.attention.faults.quantized.StorageFault;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The runs in which faults are switched on, so that each has something to act on in one of them.
 *
 * @param kvp number of ranks of a group; there are two groups, or one with latent attention
 * @param prompts the length of each request's prompt
 * @param cache the format of the KV cache
 */
record TripKind(int kvp, List<Integer> prompts, CacheFormat cache) {
  /** Some ranks have no tokens of the short requests. */
  private static final List<Integer> RAGGED = List.of(27, 11, 1);

  /** More rows in a step than a tile of 128 tokens. */
  private static final List<Integer> LONG = List.of(130);

  /** The runs that are tried with a fault, until it is named. */
  static List<TripKind> of(Fault fault, boolean latent) {
    if (fault instanceof StorageFault) {
      List<CacheFormat> formats =
          latent
              ? List.of(CacheFormat.NVFP4, CacheFormat.FP8)
              : List.of(CacheFormat.NVFP4, CacheFormat.FP8, CacheFormat.MXFP8);
      return formats.stream().map(format -> new TripKind(4, RAGGED, format)).toList();
    }
    if (fault == TileFaults.TOKENS_BEYOND_A_TILE) {
      return List.of(new TripKind(2, LONG, CacheFormat.FP64));
    }
    if (fault == TileFaults.ONE_SHARD_GIVES_ZERO) {
      return List.of(new TripKind(1, RAGGED, CacheFormat.FP64));
    }
    // Where a rank owns a single head, its log-sum-exps look the same either way.
    int kvp = fault == MergeFaults.TRANSPOSED_LSE ? 2 : 4;
    return List.of(new TripKind(kvp, RAGGED, CacheFormat.FP64));
  }

  DecodePlan plan(Checkpoint checkpoint) {
    int groups = checkpoint.config().latent().isPresent() ? 1 : 2;
    return new DecodePlan(
        checkpoint,
        new HelixStrategy(Layout.dense(kvp, groups), PlacementRule.roundRobin(2), false),
        prompts.stream().map(TripKind::request).toList(),
        Recording.ATTENTION,
        cache);
  }

  /** The tokens are given, whatever the fault makes of the logits. */
  private static DecodeRequest request(int length) {
    List<Integer> prompt =
        IntStream.range(0, length).map(at -> 1 + (7 * at + length) % 60).boxed().toList();
    return new DecodeRequest(prompt, 3, List.of(12, 5, 9));
  }
}

package dev.helix.runtime.cli.decode;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.report.HoldingsPicture;
import dev.helix.runtime.report.LayoutPicture;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Draws the part that each rank had in a run, with the tokens of the longest request. */
final class RunPicture {
  private RunPicture() {}

  /** Draws the picture, as lines. */
  static String of(DecodePlan plan, DecodeResult result) {
    int longest = 0;
    for (int request = 1; request < result.requests().size(); request++) {
      if (cached(result, request) > cached(result, longest)) {
        longest = request;
      }
    }
    ModelConfig config = plan.checkpoint().config();
    if (!(plan.strategy() instanceof HelixStrategy)) {
      return HoldingsPicture.draw(config, plan.strategy(), cached(plan, result));
    }
    HelixStrategy helix = HelixStrategy.of(plan.strategy());
    int tokens = cached(result, longest);
    int capacity = plan.requests().get(longest).capacity();
    if (config.mixture().isEmpty()) {
      return LayoutPicture.draw(
          config.attention(),
          plan.ffn(),
          helix.layout(),
          helix.placement(),
          longest,
          tokens,
          capacity);
    }
    return LayoutPicture.draw(
        config.attention(),
        config.mixture().get().shape(),
        config.hasDenseLayers() ? Optional.of(plan.ffn()) : Optional.empty(),
        helix.layout(),
        helix.placement(),
        longest,
        tokens,
        capacity);
  }

  /**
   * Number of tokens of a request that are in the cache at its end: all except the last new one.
   */
  private static int cached(DecodeResult result, int request) {
    DecodeResult.Request decoded = result.requests().get(request);
    return decoded.prompt().size() + decoded.newTokens().size() - 1;
  }

  private static List<HoldingsPicture.Cached> cached(DecodePlan plan, DecodeResult result) {
    return IntStream.range(0, plan.requests().size())
        .mapToObj(
            request ->
                new HoldingsPicture.Cached(
                    cached(result, request), plan.requests().get(request).capacity()))
        .toList();
  }
}

package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;

/** Shows the progress of one run in tokens. A request that ends early counts as if it had not. */
final class NewTokens implements DecodeListener {
  private final int[] left;
  private final Progress progress;

  NewTokens(DecodePlan plan, Progress progress) {
    this.left = plan.requests().stream().mapToInt(DecodeRequest::maxNew).toArray();
    this.progress = progress;
  }

  @Override
  public void token(int request, int token, boolean last) {
    int steps = last ? left[request] : 1;
    left[request] -= steps;
    progress.step(steps);
  }
}

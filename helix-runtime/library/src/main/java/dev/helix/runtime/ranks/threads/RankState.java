package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.mesh.RankScope;
import java.util.Optional;

/** The state of one rank at a {@link Rendezvous}, whose monitor guards it. */
final class RankState {
  private final RankScope scope;
  private Optional<Exchange> waitsIn = Optional.empty();
  private boolean finished;

  RankState(RankScope scope) {
    this.scope = scope;
  }

  RankScope scope() {
    return scope;
  }

  /** The exchange that the rank cannot leave yet. */
  Optional<Exchange> waitsIn() {
    return waitsIn;
  }

  void waitIn(Exchange exchange) {
    waitsIn = Optional.of(exchange);
  }

  void waitNoMore() {
    waitsIn = Optional.empty();
  }

  /** Whether the rank's program has returned. */
  boolean isFinished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  /** Says what the rank is doing, in the words of errors. */
  @Override
  public String toString() {
    if (finished) {
      return "rank " + scope.rank() + " has finished";
    }
    String place = "rank " + scope.rank() + ", " + scope.place() + ", ";
    return waitsIn.map(e -> place + "waits in " + e).orElse(place + "runs " + scope.operation());
  }
}

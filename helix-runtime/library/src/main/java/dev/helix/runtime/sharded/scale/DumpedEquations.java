package dev.helix.runtime.sharded.scale;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.tally.Stage;

/**
 * How many numbers of a dump depend on the softmax scale, each by itself. A log-sum-exp is one. An
 * output of n tokens is a mean of n values, and has no more than n − 1 weights that are free, and
 * no more numbers than components.
 *
 * <p>A scale is one free number. Where no more than one number depends on it, there is always a
 * scale that explains it, or nearly always, and that there is says nothing.
 */
public final class DumpedEquations {
  private final ShardedStep step;
  private final LocalReading reading;

  /** Creates the count for a step whose ranks attend in this way. */
  public DumpedEquations(ShardedStep step, LocalReading reading) {
    this.step = step;
    this.reading = reading;
  }

  /**
   * How many numbers there are in the partial attention or in the whole.
   *
   * @throws IllegalArgumentException if it is another stage
   */
  public long count(Stage stage) {
    return switch (stage) {
      case PARTIAL -> partials();
      case WHOLE -> merged();
      default -> throw new IllegalArgumentException(stage + " does not depend on the scale");
    };
  }

  private long partials() {
    long count = 0;
    for (RankStep rank : step.ranks()) {
      for (QueryToken token : step.facts().tokens()) {
        int tokens = tokens(rank, token);
        count += rank.has(StepTensor.PARTIAL_LSE) && tokens > 0 ? 1 : 0;
        count += rank.has(StepTensor.PARTIAL_OUTPUT) ? ofOutput(tokens, sinks(rank)) : 0;
      }
    }
    return count * step.facts().shape().heads();
  }

  private long merged() {
    long count = 0;
    for (QueryToken token : step.facts().tokens()) {
      int tokens = step.ranks().stream().mapToInt(rank -> tokens(rank, token)).sum();
      count += ofOutput(tokens, step.facts().scores().sinks().isEmpty() ? 0 : 1);
    }
    return count * step.facts().shape().heads();
  }

  /** A sink has a weight too, and no value. */
  private int sinks(RankStep rank) {
    return !step.facts().scores().sinks().isEmpty() && reading.sinks().counts(rank.rank()) ? 1 : 0;
  }

  private int ofOutput(int tokens, int sinks) {
    return tokens == 0 ? 0 : Math.min(tokens + sinks - 1, step.facts().shape().valueDim());
  }

  private int tokens(RankStep rank, QueryToken token) {
    return reading.tokens().range(rank.rank(), token).count();
  }
}

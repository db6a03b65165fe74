package dev.helix.laws.strategy;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Tensor;
import java.util.Optional;

/**
 * The decode of this project under any strategy in one reading, some parts of which may be
 * replaced. If no method is overridden, it is the program as it is. The laws of one instance share
 * its runs, so that it is not for use by several threads.
 *
 * @param <T> the reading's tensor
 */
public abstract class StrategyVariant<T extends Tensor> implements UnderTest {
  private Optional<StrategyRuns<T>> runs = Optional.empty();

  /** The reading, a new one for each run of the ranks. */
  public abstract Reading<T> reading();

  /** Whether "the same" in a law is equality of bits, and not of numbers within a bound. */
  public abstract boolean inBits();

  /** The strategy that is run in the place of a drawn one. */
  public Strategy strategy(Strategy drawn) {
    return drawn;
  }

  /** The operations with which a rank decodes under a strategy. */
  public RankOperations<T> operations(int rank, Strategy strategy, RankOperations<T> correct) {
    return correct;
  }

  /** The runs of this instance, which its laws share. */
  final StrategyRuns<T> runs() {
    if (runs.isEmpty()) {
      runs = Optional.of(new StrategyRuns<>(this));
    }
    return runs.get();
  }

  @Override
  public final SeamTrials<?> laws() {
    return new StrategyTrials<>(this);
  }

  @Override
  public final Seam seam() {
    return Seam.STRATEGY;
  }
}

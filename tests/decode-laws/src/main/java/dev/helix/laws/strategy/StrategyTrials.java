package dev.helix.laws.strategy;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The laws of decodes under strategies, as they are held against one implementation. */
record StrategyTrials<T extends Tensor>(StrategyVariant<T> subject)
    implements SeamTrials<StrategyCase> {
  /** Every hard case once, and then as many again of drawn strategies. */
  @Override
  public List<StrategyCase> cases(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<StrategyCase> cases = new ArrayList<>();
    for (StrategyHardCase hard : StrategyHardCase.values()) {
      cases.add(hard.make(random));
    }
    while (cases.size() < count) {
      cases.add(new StrategyDraft(random).build());
    }
    return List.copyOf(cases);
  }

  @Override
  public Trial trial(Law law, StrategyCase given) {
    return new StrategyTrial<>(law, subject, given);
  }

  @Override
  public List<StrategyCase> simpler(StrategyCase given) {
    return SimplerStrategies.of(given);
  }

  /**
   * Whether a law is tried. Only the exact reading has one digest for all strategies, and so it
   * tells nothing of programs that are the same.
   */
  @Override
  public boolean applies(Law law) {
    return switch (law) {
      case STRATEGY_ONE_DIGEST -> subject.inBits();
      case STRATEGY_SAME_PROGRAM -> !subject.inBits();
      default -> true;
    };
  }

  @Override
  public boolean applies(Law law, StrategyCase given) {
    return switch (law) {
      case STRATEGY_ROUTING -> given.model().hasExperts();
      case STRATEGY_RELABELLED -> given.requests().size() > 1;
      case STRATEGY_CACHE -> given.cache().quantizes();
      default -> true;
    };
  }
}

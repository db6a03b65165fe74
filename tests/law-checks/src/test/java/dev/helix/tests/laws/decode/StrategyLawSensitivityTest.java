package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.UnderTest;
import dev.helix.laws.strategy.ExactStrategyUnderTest;
import dev.helix.laws.strategy.StrategyUnderTest;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.fault.ForwardingStrategy;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Purpose;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The laws of strategies that no exhibit of the museum is the first to break. */
class StrategyLawSensitivityTest {
  @Test
  void aColumnThatNoRankHasIsMissed() {
    String violation =
        violation(
            Law.STRATEGY_PLACEMENT,
            new StrategyUnderTest() {
              @Override
              public Strategy strategy(Strategy drawn) {
                return new ColumnShort(drawn);
              }
            });
    assertTrue(violation.contains("0 ranks have column 0 in layer 0 for request 0"), violation);
  }

  @Test
  void aCopyThatDiffersInItsLastBitIsFoundOut() {
    String violation =
        violation(
            Law.STRATEGY_RANKS_AGREE,
            new StrategyUnderTest() {
              @Override
              public RankOperations<Fp64Tensor> operations(
                  int rank, Strategy strategy, RankOperations<Fp64Tensor> correct) {
                return rank == 1 ? with(correct, new LastBit(correct.collectives())) : correct;
              }
            });
    assertTrue(violation.contains("rank 1"), violation);
  }

  /** All ranks do the same, and a last bit is within every bound. */
  @Test
  void onlyTheBitsOfTheDefinitionShowALastBitThatAllRanksHave() {
    UnderTest faulty =
        new ExactStrategyUnderTest() {
          @Override
          public RankOperations<ExactTensor> operations(
              int rank, Strategy strategy, RankOperations<ExactTensor> correct) {
            return with(
                correct,
                new ForwardingCollectives<>(correct.collectives()) {
                  @Override
                  public ExactTensor allReduce(Purpose purpose, Group group, ExactTensor partial) {
                    ExactTensor sum = super.allReduce(purpose, group, partial);
                    return ExchangeSensitivityTest.changed(rank, sum, Math::nextUp);
                  }
                });
          }
        };
    Set<Law> broken = new TreeSet<>();
    for (Law law :
        List.of(
            Law.STRATEGY_ATTENTION,
            Law.STRATEGY_PROJECTIONS,
            Law.STRATEGY_RANKS_AGREE,
            Law.STRATEGY_ONE_DIGEST)) {
      if (!LawSuite.verdict(law, faulty, 1, 0).holds()) {
        broken.add(law);
      }
    }
    assertEquals(Set.of(Law.STRATEGY_ONE_DIGEST), broken);
  }

  /** Pieces of HOP-B change no number. */
  @Test
  void aProgramWithOtherLaunchesIsNotTheSame() {
    String violation =
        violation(
            Law.STRATEGY_SAME_PROGRAM,
            new StrategyUnderTest() {
              @Override
              public Strategy strategy(Strategy drawn) {
                return drawn instanceof TensorParallelStrategy && drawn.ranks() == 1
                    ? new HelixStrategy(Layout.dense(1, 1), PlacementRule.roundRobin(1), true)
                    : drawn;
              }
            });
    assertTrue(violation.contains("launches, and "), violation);
  }

  private static String violation(Law law, UnderTest faulty) {
    LawOutcome outcome = LawSuite.verdict(law, faulty, 1, 0);
    assertTrue(!outcome.holds() && !outcome.refused(), () -> law + ": " + outcome.violation());
    return outcome.violation().orElseThrow();
  }

  private static <T extends Tensor> RankOperations<T> with(
      RankOperations<T> correct, Collectives<T> collectives) {
    return new RankOperations<>(
        correct.scope(),
        correct.kernels(),
        correct.attention(),
        correct.ffn(),
        collectives,
        correct.latent(),
        correct.moe());
  }

  private static final class LastBit extends ForwardingCollectives<Fp64Tensor> {
    LastBit(Collectives<Fp64Tensor> correct) {
      super(correct);
    }

    @Override
    public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
      Fp64Tensor sum = super.allReduce(purpose, group, partial);
      sum.region().set(0, Math.nextUp(sum.region().get(0)));
      return sum;
    }
  }

  /** A strategy whose first rank says that it has one column less. */
  private static final class ColumnShort extends ForwardingStrategy {
    ColumnShort(Strategy correct) {
      super(correct);
    }

    @Override
    public RankHoldings holdings(ModelConfig model, int rank) {
      RankHoldings all = super.holdings(model, rank);
      Span columns = all.ffn().columns();
      Span fewer = new Span(columns.first() + 1, columns.count() - 1);
      return rank > 0
          ? all
          : new RankHoldings(
              all.place(),
              all.requests(),
              all.layers(),
              all.attention(),
              new RankHoldings.Ffn(fewer, all.ffn().experts()));
    }
  }
}

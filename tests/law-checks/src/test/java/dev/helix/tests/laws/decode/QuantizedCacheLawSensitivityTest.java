package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.strategy.StrategyUnderTest;
import dev.helix.runtime.fault.FaultyStrategy;
import dev.helix.runtime.strategy.Strategy;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Wrong bits in a quantised cache break the law of the cache. Right bits that are read wrongly keep
 * it and break that of attention: the baseline reads what was stored, and then knows what attention
 * must be.
 */
class QuantizedCacheLawSensitivityTest {
  private static final Set<QuantizationFault> OF_READERS =
      Set.of(
          QuantizationFault.SCALE_OF_KEYS_ON_VALUES,
          QuantizationFault.BLOCKS_OF_VALUES_TURNED,
          QuantizationFault.NIBBLES_SWAPPED);

  @ParameterizedTest
  @EnumSource
  void aFaultBreaksTheLawOfItsPlace(QuantizationFault fault) {
    StrategyUnderTest faulty =
        new StrategyUnderTest() {
          @Override
          public Strategy strategy(Strategy drawn) {
            return FaultyStrategy.storing(drawn, fault);
          }
        };
    boolean reads = OF_READERS.contains(fault);
    assertEquals(reads, LawSuite.verdict(Law.STRATEGY_CACHE, faulty, 1, 0).holds());
    Law broken = reads ? Law.STRATEGY_ATTENTION : Law.STRATEGY_CACHE;
    LawOutcome outcome = LawSuite.verdict(broken, faulty, 1, 0);
    assertTrue(!outcome.holds() && !outcome.refused(), () -> "" + outcome.violation());
  }
}

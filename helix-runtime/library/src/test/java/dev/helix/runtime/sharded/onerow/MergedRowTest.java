package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.stages.MergedRow;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergedRowTest {
  private static final Map<StepTensor, double[]> SENT =
      Map.of(StepTensor.PARTIAL_OUTPUT, new double[] {1}, StepTensor.PARTIAL_LSE, new double[] {2});

  @Test
  void withoutAnExchangeARowIsWhatTheRanksComputed() {
    ShardedStep step = step(SENT);
    assertFalse(MergedRow.isReceived(step));
    MergedRow row = MergedRow.of(step, 0, 0);
    assertArrayEquals(new double[] {2}, row.lses());
    assertTrue(row.sent().isEmpty());
  }

  @Test
  void withOneItIsWhatTheOwnerReceivedBesideWhatTheRanksComputed() {
    Map<StepTensor, double[]> both = new HashMap<>(SENT);
    both.put(StepTensor.RECEIVED_OUTPUT, new double[] {1});
    both.put(StepTensor.RECEIVED_LSE, new double[] {7});
    ShardedStep step = step(both);
    assertTrue(MergedRow.isReceived(step));
    MergedRow row = MergedRow.of(step, 0, 0);
    assertArrayEquals(new double[] {7}, row.lses());
    assertArrayEquals(new double[] {2}, row.sent().orElseThrow());
  }

  private static ShardedStep step(Map<StepTensor, double[]> dumped) {
    return OneRow.of(
        KernelRoundings.of(NamedConventions.FLASH_ATTENTION),
        new double[] {0},
        new double[] {1},
        dumped);
  }
}

package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every operation of a step leads to one of the quantities that runs are verified by. */
class QuantityCostsTest {
  private static final Machine MACHINE = Machine.named("gb200", "silicon");

  private static StepTrace trace(String model, Layout layout, boolean hopB) {
    return StepTracer.trace(
        ModelShape.of(model).config(),
        new HelixStrategy(layout, PlacementRule.roundRobin(16), hopB),
        4,
        64_000,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }

  @ParameterizedTest
  @CsvSource({"llama-405b, 8, 8, false", "llama-405b, 8, 8, true", "deepseek-r1, 64, 1, true"})
  void theQuantitiesOfAStepAddUpToItsOperations(String model, int kvp, int tpa, boolean hopB) {
    StepTrace step = trace(model, Layout.dense(kvp, tpa), hopB);
    List<OperationRow> rows = StepTime.of(MACHINE, step, 4, Accounting.PER_PIECE).totals();
    QuantityCosts costs = QuantityCosts.of(List.of(step, step), MACHINE);
    QuantityCosts.Sum sum =
        costs.byQuantity().values().stream().reduce(QuantityCosts.Sum::and).orElseThrow();
    assertEquals(2L * rows.stream().mapToInt(OperationRow::count).sum(), sum.launches());
    assertEquals(2 * rows.stream().mapToLong(OperationRow::flops).sum(), sum.flops());
    assertEquals(
        2 * rows.stream().mapToLong(row -> row.hbmBytes() + row.wireBytes()).sum(), sum.bytes());
    double micros = rows.stream().mapToDouble(OperationRow::micros).sum();
    assertEquals(2 * micros, sum.micros(), 1e-9 * micros);
  }

  @Test
  void aLayerOfExpertsHasARoutingAndADenseOneHasNot() {
    QuantityCosts costs =
        QuantityCosts.of(List.of(trace("deepseek-r1", Layout.dense(64, 1), false)), MACHINE);
    // The router's projection, of which every rank has all rows.
    assertEquals(0, costs.at(new TapPoint(0, Quantity.ROUTING)).launches());
    assertEquals(1, costs.at(new TapPoint(3, Quantity.ROUTING)).launches());
    for (int layer : new int[] {0, 60}) {
      assertEquals(1, costs.at(new TapPoint(layer, Quantity.MIDDLE)).launches());
      assertEquals(1, costs.at(new TapPoint(layer, Quantity.HIDDEN)).launches());
    }
  }
}

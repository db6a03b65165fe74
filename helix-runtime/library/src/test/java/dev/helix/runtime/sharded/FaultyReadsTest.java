package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kernels that read what is not theirs, or not all that is, are named. */
class FaultyReadsTest {
  private static final int[] LENGTHS = {61, 61, 61};

  @Test
  void pagesOfAnotherRequestAreNamed() {
    GpuKernel kernel = new GpuKernel();
    kernel.pagesOf = request -> (request + 1) % LENGTHS.length;
    assertNamed("pages of the next request", new DrawnStep(1, Kind.plain(), LENGTHS), kernel);
    kernel.pagesOf = request -> (request + LENGTHS.length - 1) % LENGTHS.length;
    assertNamed("pages of the request before", new DrawnStep(1, Kind.plain(), LENGTHS), kernel);
  }

  /** All pages are full, so that the last slot of a rank has none behind it. */
  @Test
  void valuesOfTheSlotsBehindAreNamed() {
    GpuKernel kernel = new GpuKernel();
    kernel.valueSlot = slot -> Math.min(slot + 1, 63);
    assertNamed(
        "values of the slot behind that of their keys",
        new DrawnStep(1, Kind.plain(), 256),
        kernel);
  }

  /** Pages and runs are of one size. */
  @Test
  void aMissingRunThatIsAPageIsNamedOnce() {
    GpuKernel kernel = new GpuKernel();
    kernel.times = (request, slot, to) -> slot / 8 == 2 ? 0 : 1;
    assertNamed(
        "the page of slots 16 to 23 missing",
        new DrawnStep(1, Kind.plain().runs(8, 0), 256),
        kernel);
  }

  @Test
  void scoresWithoutTheirRotaryPartAreNamed() {
    StepShape latent = new StepShape(4, 1, 24, 16, 2);
    GpuKernel kernel = new GpuKernel();
    kernel.firstComponents = latent.valueDim();
    assertNamed(
        "scores without the rotary part, the last 8 components",
        new DrawnStep(2, Kind.plain().of(latent), LENGTHS).latent(),
        kernel);
  }

  /** A kernel may do so, and nothing of it is a fault, but no bound of a careful one allows it. */
  @Test
  void queriesThatAreScaledAndRoundedAreNamed() {
    GpuKernel kernel = new GpuKernel();
    kernel.scalesQueries = true;
    assertNamed(
        "no fault, but queries times the softmax scale rounded to BF16",
        new DrawnStep(3, Kind.plain().of(new StepShape(8, 2, 24, 24, 4)), LENGTHS),
        kernel);
  }

  private static void assertNamed(String fault, DrawnStep drawn, GpuKernel kernel) {
    ShardedStep step = drawn.dumped(kernel, new GpuMerge());
    StageVerdict partial =
        StepVerdict.of(step, EnumSet.of(Stage.PARTIAL), Map.of(), read -> {}).stage(Stage.PARTIAL);
    assertTrue(partial.isWrong());
    assertEquals(
        List.of(fault),
        partial.explanations().get(0).best().stream().map(Explanation.Fit::fault).toList());
    assertTrue(partial.explanations().get(0).isWhole());
  }
}

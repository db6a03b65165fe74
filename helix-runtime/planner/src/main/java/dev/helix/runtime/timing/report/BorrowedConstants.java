package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.machine.Framework;
import dev.helix.runtime.timing.machine.Preset;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Says which launches of a step have the constants of another serving program than the one asked.
 */
final class BorrowedConstants {
  private BorrowedConstants() {}

  /** One sentence for each group of launches. */
  static List<String> of(StepTime time) {
    Preset asked = time.machine().preset();
    List<String> borrowed = new ArrayList<>();
    if (asked.framework() != Framework.TRTLLM
        && asked.gemm(DType.BF16, 2).equals(asked.under(Framework.TRTLLM).gemm(DType.BF16, 2))
        && launches(time.trace(), BorrowedConstants::isInBf16)) {
      borrowed.add("GEMMs in bf16 have the constants of trtllm, the only ones measured");
    }
    if (asked.framework() == Framework.VLLM
        && launches(time.trace(), launch -> isKernelOf(launch, asked))) {
      borrowed.add("attention and experts of vllm have the constants of sglang");
    }
    return borrowed;
  }

  private static boolean launches(StepTrace trace, Predicate<Launch> of) {
    return trace.kinds().stream()
        .flatMap(kind -> kind.ranks().operations().stream())
        .anyMatch(operation -> operation instanceof Launch launch && of.test(launch));
  }

  private static boolean isInBf16(Launch launch) {
    return launch.kind().family() == CostFamily.GEMM
        && launch.reads().stream()
            .anyMatch(
                spec ->
                    !spec.has(Axis.BATCH)
                        && spec.dims().size() > 1
                        && (spec.dtype() == DType.BF16 || spec.dtype() == DType.F16));
  }

  private static boolean isKernelOf(Launch launch, Preset asked) {
    CostFamily family = launch.kind().family();
    return (family == CostFamily.EXPERTS
            || family == CostFamily.GQA_ATTENTION
            || family == CostFamily.MLA_ATTENTION)
        && asked.launch(family).equals(asked.under(Framework.SGLANG).launch(family));
  }
}

package dev.helix.runtime.timing.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.ValidationTable;
import dev.helix.runtime.timing.validation.Measurement.Half;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code silicon} preset keeps what it promises of each family. */
class ValidationTest {
  private static final Validation SILICON = Validation.of(Machine.named("gb200", "silicon"));

  @Test
  void theSiliconPresetKeepsItsPromises() {
    for (Validation.Family family : SILICON.families()) {
      assertTrue(family.withinLimit(), family + "\n" + ValidationTable.of(SILICON));
    }
  }

  @Test
  void itPromisesWhatTheIssueAsksFor() {
    assertEquals(0.10, limit("MLA"));
    assertEquals(0.10, limit("GQA, TensorRT-LLM"));
    assertEquals(0.10, limit("all-reduce"));
    assertEquals(0.10, limit("R1 end to end"));
    assertEquals(0.15, limit("NCCL all-to-all"));
    assertEquals(0.15, limit("expert dispatch"));
    assertEquals(0.15, limit("expert combine"));
    for (String format : List.of("NVFP4", "FP8")) {
      assertEquals(0.20, limit("GEMM " + format + ", SGLang"));
      assertEquals(0.20, limit("GEMM " + format + ", TensorRT-LLM"));
    }
    assertEquals(0.20, limit("GEMM BF16, TensorRT-LLM"));
  }

  private static double limit(String family) {
    return SILICON.families().stream()
        .filter(f -> f.name().equals(family))
        .findFirst()
        .orElseThrow()
        .limit()
        .orElseThrow();
  }

  @Test
  void everyFamilyHasRowsThatNothingWasFittedTo() {
    Set<String> checked =
        SILICON.rows().stream()
            .filter(row -> row.measurement().half() == Half.CHECK)
            .map(row -> row.measurement().family())
            .collect(Collectors.toSet());
    SILICON.families().forEach(family -> assertTrue(checked.contains(family.name())));
  }

  /** The promise is not kept by a machine that was not fitted: it says something. */
  @Test
  void theSpeedOfLightKeepsNoPromise() {
    Validation light = Validation.of(Machine.named("gb200", "sol"));
    assertTrue(
        light.families().stream()
            .filter(f -> f.limit().isPresent())
            .noneMatch(f -> f.withinLimit()));
  }

  /** The intervals of times rest on these errors. */
  @ParameterizedTest
  @CsvSource({
    "gemm, GEMM",
    "experts, 'experts, SGLang'",
    "gqaAttention, 'GQA, TensorRT-LLM'",
    "mlaAttention, MLA",
    "allReduce, all-reduce",
    "allGather, NCCL all-gather",
    "reduceScatter, NCCL reduce-scatter",
    "allToAll, NCCL all-to-all",
    "dispatch, expert dispatch",
    "combine, expert combine"
  })
  void thePresetStatesTheErrorsOfItsCheckHalf(String operation, String family) {
    double largest =
        SILICON.families().stream()
            .filter(own -> own.name().equals(family) || isPromisedGemm(family, own))
            .mapToDouble(Validation.Family::checkError)
            .max()
            .orElseThrow();
    double stated = Machine.named("gb200", "silicon").preset().checkErrors().get(operation).value();
    assertTrue(largest <= stated && stated <= largest + 0.002, stated + " for " + largest);
  }

  private static boolean isPromisedGemm(String family, Validation.Family own) {
    return family.equals("GEMM") && own.name().startsWith("GEMM ") && own.limit().isPresent();
  }

  /** A fair coin leaves 0.4 to 0.6 on 739 rows only at more than five standard deviations. */
  @Test
  void theRuleHalvesTheRows() {
    long fitted =
        SILICON.rows().stream().filter(row -> row.measurement().half() == Half.FIT).count();
    double share = (double) fitted / SILICON.rows().size();
    assertTrue(share > 0.4 && share < 0.6, "share of fitted rows: " + share);
  }
}

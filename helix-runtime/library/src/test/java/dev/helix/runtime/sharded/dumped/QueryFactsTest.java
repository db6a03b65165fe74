package dev.helix.runtime.sharded.dumped;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.DType;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries that have more digits than what is made of them may not be those that a kernel read. */
class QueryFactsTest {
  @ParameterizedTest
  @CsvSource({"F32, BF16, of BF16", "F32, F16, of FP16"})
  void queriesOfMoreDigitsThanOutputsAreTold(DType queries, DType outputs, String named) {
    assertEquals(
        "queries are numbers of FP32, outputs "
            + named
            + ": a kernel that first rounds its queries has to dump them rounded",
        QueryFacts.wide(queries, Optional.of(outputs)).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"BF16, BF16", "F32, F32", "F64, F64", "F32, F64", "F32, "})
  void othersAreNot(DType queries, DType outputs) {
    assertEquals(Optional.empty(), QueryFacts.wide(queries, Optional.ofNullable(outputs)));
  }
}

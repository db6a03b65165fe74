package dev.helix.tensor.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseRuleTest {
  private static final Spec X = matrix(Axis.BATCH, Axis.HIDDEN);

  @ParameterizedTest
  @CsvSource({
    "QKV, HIDDEN, QKV",
    "QUERY_LATENT, HIDDEN, QKV",
    "HEADS_BY_DIM, QUERY_LATENT, QKV",
    "LATENT_ENTRY, HIDDEN, QKV",
    "GATE_UP, HIDDEN, FFN",
    "EXPERTS, HIDDEN, DISPATCH",
    "VOCABULARY, HIDDEN, HEAD",
  })
  void aColumnParallelProjectionIsWhatItsWeightIsNamed(Axis out, Axis in, Phase phase) {
    assertEquals(phase, of("linear", matrix(Axis.BATCH, in), matrix(out, in)));
  }

  @ParameterizedTest
  @CsvSource({"HEADS_BY_DIM, OUTPUT_PROJECTION", "INTERMEDIATE, FFN"})
  void aRowParallelProjectionIsWhatItContracts(Axis in, Phase phase) {
    assertEquals(phase, of("partialLinear", X, matrix(Axis.HIDDEN, in)));
  }

  @Test
  void gathersAreOfTheRouterTheHeadOrTheGroups() {
    assertEquals(Phase.DISPATCH, of("allGather", matrix(Axis.BATCH, Axis.EXPERTS)));
    assertEquals(Phase.HEAD, of("allGather", matrix(Axis.BATCH, Axis.VOCABULARY)));
    Spec stack = X.stacked(Axis.SHARDS, 1);
    assertEquals(Phase.COMBINE, of("allGather", stack));
  }

  @Test
  void rowsAreSelectedForTheHeadOrForExperts() {
    assertEquals(Phase.HEAD, PhaseRule.phase("selectRows", "head", List.of(X), List.of()));
    assertEquals(Phase.DISPATCH, PhaseRule.phase("selectRows", "layer 3", List.of(X), List.of()));
  }

  @Test
  void theNormOfACompressedQueryBelongsToItsProjections() {
    assertEquals(Phase.QKV, of("rmsNorm", matrix(Axis.BATCH, Axis.QUERY_LATENT)));
    assertEquals(Phase.NORM, of("rmsNorm", X));
  }

  @Test
  void theSharedExpertIsCombinedAndEverythingElseAddedToTheResidual() {
    assertEquals(Phase.COMBINE, add(Phase.COMBINE, Phase.ALL_REDUCE));
    assertEquals(Phase.NORM, add(Phase.NORM, Phase.COMBINE));
    assertEquals(Phase.NORM, add(Phase.NORM, Phase.ALL_REDUCE));
    assertEquals(Phase.NORM, add(Phase.EMBEDDING, Phase.ALL_REDUCE));
  }

  private static Phase add(Phase first, Phase second) {
    return PhaseRule.phase("add", "layer 0", List.of(X, X), List.of(first, second));
  }

  @Test
  void whatIsNotKnownIsAnErrorAndNotAGuess() {
    assertThrows(IllegalArgumentException.class, () -> of("reshape", X));
    assertThrows(
        IllegalArgumentException.class, () -> of("linear", X, matrix(Axis.SLOTS, Axis.HIDDEN)));
    assertThrows(
        IllegalArgumentException.class,
        () -> of("partialLinear", X, matrix(Axis.QKV, Axis.HIDDEN)));
    assertThrows(IllegalArgumentException.class, () -> of("allGather", X));
  }

  private static Phase of(String name, Spec... operands) {
    return PhaseRule.phase(name, "layer 0", List.of(operands), List.of());
  }

  private static Spec matrix(Axis outer, Axis inner) {
    return Spec.of(DType.BF16, new Dim(outer, 4), new Dim(inner, 6));
  }
}

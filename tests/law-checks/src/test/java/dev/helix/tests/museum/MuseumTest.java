package dev.helix.tests.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No exhibit gets past the laws. */
class MuseumTest {
  private static final int SEEDS = Integer.getInteger("helix.museum.seeds", 1);

  static Stream<Exhibit> exhibits() {
    return Museum.exhibits().stream();
  }

  @ParameterizedTest
  @MethodSource("exhibits")
  void everyFaultIsKilledByTheLawsThatItNames(Exhibit exhibit) {
    List<Law> killers = exhibit.killers();
    assertFalse(killers.isEmpty(), () -> exhibit.name() + ": its story names no law");
    for (Law law : killers) {
      LawOutcome outcome = LawSuite.verdict(law, exhibit.at(law), 1, 60);
      assertFalse(outcome.holds(), () -> exhibit.name() + " keeps the law " + law);
      assertFalse(
          outcome.refused(),
          () -> exhibit.name() + " is found by an error: " + outcome.violation().orElseThrow());
    }
  }

  /** Not by the luck of one seed: each night the same is tried on 20. */
  @EnabledIfSystemProperty(named = "helix.museum.seeds", matches = "\\d+")
  @ParameterizedTest
  @MethodSource("exhibits")
  void everyFaultIsKilledOnOtherSeedsToo(Exhibit exhibit) {
    for (Law law : exhibit.killers()) {
      for (long seed = 2; seed <= SEEDS; seed++) {
        boolean holds = LawSuite.verdict(law, exhibit.at(law), seed, 60).holds();
        assertFalse(holds, exhibit.name() + " keeps the law " + law + " on seed " + seed);
      }
    }
  }

  /** A variant that threw would be killed by any test, and show nothing. */
  @Test
  void anAttentionThatThrowsIsRefusedAndNotWrong() {
    AttentionUnderTest throwing =
        AttentionUnderTest.of(
            Convention.of(Precision.FP64),
            shard -> {
              throw new IllegalStateException("no kernel");
            });
    assertTrue(LawSuite.run(Law.ATTENTION_DEFINITION, throwing, 1, 1).refused());
  }

  @Test
  void onlyBitsOfRanksShowThatTheyAddInAnotherOrder() {
    Exhibit ownOrder =
        exhibits()
            .filter(e -> e.killers().contains(Law.DECODE_RANKS_AGREE))
            .findFirst()
            .orElseThrow();
    for (Law law : Law.at(Seam.DECODE)) {
      boolean holds = LawSuite.verdict(law, ownOrder.at(law), 1, 30).holds();
      assertEquals(law != Law.DECODE_RANKS_AGREE, holds, law::label);
    }
  }

  @Test
  void exhibitsHaveNamesOfTheirOwnAndReferences() {
    List<Exhibit> all = Museum.exhibits();
    assertEquals(all.size(), all.stream().map(Exhibit::name).distinct().count());
    for (Exhibit exhibit : all) {
      assertTrue(exhibit.seenIn().matches("([\\w.-]+/[\\w.-]+#\\d+(, )?)+"), exhibit::seenIn);
    }
  }

  static Stream<Arguments> originals() {
    return Museum.originals().entrySet().stream()
        .filter(original -> original.getValue().seam() != Seam.ATTENTION)
        .map(original -> Arguments.of(original.getKey(), original.getValue()));
  }

  /** The attention among them is held to more cases by {@code PlainAttentionTest}. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("originals")
  void whatTheExhibitsAreVariantsOfKeepsEveryLaw(String name, UnderTest original) {
    for (Law law : Law.at(original.seam())) {
      LawOutcome outcome = LawSuite.run(law, original, 1, cases(law.seam()));
      assertTrue(outcome.holds(), () -> name + ": " + outcome.violation());
    }
  }

  /** A whole model takes long, so that its hard cases have to be enough by day. */
  private static int cases(Seam seam) {
    return switch (seam) {
      case DECODE -> 40;
      case STRATEGY -> 0;
      default -> 60;
    };
  }

  /** NaN where a number belongs would be found by any test; a cap of masked slots is finite. */
  @Test
  void aCapAfterTheMaskShowsAWrongNumber() {
    Exhibit afterMask =
        exhibits()
            .filter(e -> e.name().equals("soft cap applied after the mask"))
            .findFirst()
            .orElseThrow();
    for (Law law : afterMask.killers()) {
      String violation = LawSuite.verdict(law, afterMask.at(law), 1, 60).violation().orElseThrow();
      assertFalse(violation.contains("the answer is NaN"), violation);
    }
  }

  /**
   * The table of faults, by reference: how many exhibits each row has, of as many ways to go wrong.
   */
  static Stream<Arguments> documented() {
    return Stream.of(
        Arguments.of(1, "vllm-project/vllm#27491, flashinfer-ai/flashinfer#4051"),
        Arguments.of(1, "vllm-project/vllm#15492, Dao-AILab/flash-attention#978"),
        Arguments.of(1, "vllm-project/vllm#38416, vllm-project/vllm#49294"),
        Arguments.of(1, "vllm-project/vllm#47541"),
        Arguments.of(1, "vllm-project/vllm#54889"),
        Arguments.of(1, "ROCm/ATOM#1152"),
        Arguments.of(1, "jzhang38/EasyContext#14, NVIDIA/TransformerEngine#716"),
        Arguments.of(1, "vllm-project/vllm#47079, sgl-project/sglang#40903"),
        Arguments.of(1, "NVIDIA/TensorRT-LLM#19112"),
        Arguments.of(2, "flashinfer-ai/flashinfer#350"),
        Arguments.of(1, "ROCm/rocm-libraries#12229"),
        Arguments.of(1, "InternLM/lmdeploy#3951"),
        Arguments.of(1, "zhuzilin/ring-flash-attention#42, Dao-AILab/flash-attention#1088"),
        Arguments.of(1, "Dao-AILab/flash-attention#2721"),
        Arguments.of(2, "NVIDIA/TensorRT-LLM#16916, vllm-project/vllm#55557"),
        Arguments.of(1, "vllm-project/vllm#57012"),
        Arguments.of(1, "sgl-project/sglang#32858"),
        Arguments.of(1, "sgl-project/sglang#34161"),
        Arguments.of(1, "vllm-project/vllm#48003"),
        Arguments.of(1, "vllm-project/vllm#28526"),
        Arguments.of(
            5,
            "lightseekorg/tokenspeed#1185, sgl-project/sglang#29720, ROCm/aiter#3391,"
                + " ROCm/aiter#3606"),
        Arguments.of(1, "vllm-project/vllm#42555"),
        Arguments.of(1, "NVIDIA/TensorRT-LLM#19220"),
        Arguments.of(1, "lightseekorg/tokenspeed#364"),
        Arguments.of(2, "LMCache/LMCache#4936"),
        Arguments.of(1, "vllm-project/vllm#50095"),
        Arguments.of(1, "NVIDIA/TensorRT-LLM#17811"),
        Arguments.of(1, "NVIDIA/TransformerEngine#1930"),
        Arguments.of(1, "ROCm/ATOM#1832"),
        Arguments.of(1, "vllm-project/vllm#43810"),
        Arguments.of(1, "tenstorrent/vllm-tt-plugin#43, tenstorrent/vllm-tt-plugin#103"),
        Arguments.of(1, "vllm-project/vllm#50391"),
        Arguments.of(1, "mirage-project/mirage#751"),
        Arguments.of(1, "sgl-project/sglang#28237"),
        Arguments.of(1, "vllm-project/vllm#45037"),
        Arguments.of(1, "huggingface/transformers#41647, flashinfer-ai/flashinfer#3875"),
        Arguments.of(1, "vllm-project/vllm-ascend#8547"),
        Arguments.of(1, "NVIDIA/TensorRT-LLM#17795, NVIDIA/TensorRT-LLM#17866"));
  }

  @ParameterizedTest
  @MethodSource("documented")
  void everyDocumentedFaultIsShownInEachOfItsWays(int ways, String seenIn) {
    assertEquals(ways, exhibits().filter(e -> e.seenIn().equals(seenIn)).count());
  }

  /**
   * With three faults of exchanges, five of rivals and five of caches that are not in the table.
   */
  @Test
  void noExhibitIsMissing() {
    assertEquals(66, Museum.exhibits().size());
  }
}

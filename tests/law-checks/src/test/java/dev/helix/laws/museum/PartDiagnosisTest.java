package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Cause;
import dev.helix.laws.Diagnosis;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.head.HeadAnswer;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What broke a placement, a cache, a router, a head or a decode is told once, and named. */
class PartDiagnosisTest {
  /** Hard cases alone. */
  private static final int CASES = 1;

  static Stream<Exhibit> exhibits() {
    return Museum.exhibits().stream()
        .filter(exhibit -> exhibit.killers().get(0).seam().compareTo(Seam.ATTENTION) > 0);
  }

  /** On the first case that breaks the first law that it names. */
  @ParameterizedTest
  @MethodSource("exhibits")
  void aShippedFaultIsNamed(Exhibit exhibit) {
    Law law = exhibit.killers().get(0);
    LawViolation violation =
        LawSuite.verdict(law, exhibit.at(law), 1, CASES).broken().orElseThrow();
    Diagnosis found =
        Diagnosis.of(violation.inquiries()).orElseThrow(() -> new AssertionError(violation));
    assertTrue(
        Stream.concat(Stream.of(found.fault()), found.equally().stream())
            .anyMatch(fault -> fault.contains(exhibit.name())),
        found::sentence);
  }

  /** It shares nothing with the museum's head but the fault. */
  @Test
  void aFaultIsNamedThatAnotherProgramHas() {
    HeadUnderTest padded =
        new HeadUnderTest() {
          @Override
          public HeadAnswer decode(HeadInput input) {
            int[] chosen = new int[input.rows()];
            double[] logits = new double[input.rows() * input.vocabulary()];
            for (int at = 0; at < logits.length; at++) {
              for (int i = 0; i < input.hidden(); i++) {
                logits[at] +=
                    input.states()[at / input.vocabulary() * input.hidden() + i]
                        * input.weight()[at % input.vocabulary() * input.hidden() + i];
              }
            }
            for (int row = 0; row < chosen.length; row++) {
              int from = row * input.vocabulary();
              double[] own = Arrays.copyOfRange(logits, from, from + input.vocabulary());
              double greatest = Arrays.stream(own).max().orElseThrow();
              boolean hasPadding = input.share() * input.ranks() > input.vocabulary();
              chosen[row] =
                  hasPadding && greatest < 0
                      ? input.vocabulary()
                      : Arrays.stream(own).boxed().toList().indexOf(greatest);
            }
            return new HeadAnswer(logits, chosen);
          }
        };
    assertTrue(
        diagnosis(Law.HEAD_CHOICE, padded).orElseThrow().fault().contains("zero rows"),
        () -> diagnosis(Law.HEAD_CHOICE, padded).toString());
  }

  static Stream<Arguments> unknown() {
    return Stream.of(
        Arguments.of(
            Law.PLACEMENT_OWNERS,
            new PlainPlacement() {
              @Override
              int owner(PlacementRule rule, PlacedRequest request, int position) {
                return (super.owner(rule, request, position) + position / 7) % rule.shards();
              }
            }),
        Arguments.of(
            Law.CACHE_TOKENS,
            new PlainCache() {
              @Override
              int lengthAfterRejection(int length, int stay) {
                return Math.max(0, stay - 1);
              }
            }),
        Arguments.of(
            Law.ROUTING_WEIGHTS,
            new PlainRouting() {
              @Override
              double gate(int expert, double[] scores, RoutingInput input) {
                return scores[expert] * (expert == 1 ? 1.001 : 1);
              }
            }),
        Arguments.of(
            Law.ROUTING_WEIGHTS,
            new PlainRouting() {
              @Override
              double scaled(RoutingRule rule, double weight) {
                return weight * (rule.weighting().scale() + 1e-9);
              }
            }),
        Arguments.of(
            Law.HEAD_LOGITS,
            new PlainHead() {
              @Override
              double[] shard(HeadInput input, int row, int rank) {
                double[] own = super.shard(input, row, rank);
                own[0] += 1;
                return own;
              }
            }));
  }

  /** Also where a known fault breaks the law on the same inputs. */
  @ParameterizedTest
  @MethodSource("unknown")
  void aFaultThatIsNotKnownIsGivenNoName(Law law, UnderTest faulty) {
    assertEquals(Optional.empty(), diagnosis(law, faulty));
  }

  @Test
  void aRightPartThatThrowsIsGivenNoName() {
    HeadUnderTest throwing =
        new HeadUnderTest() {
          @Override
          public HeadAnswer decode(HeadInput input) {
            throw new IllegalStateException("no head");
          }
        };
    assertEquals(Optional.empty(), diagnosis(Law.HEAD_CHOICE, throwing));
  }

  static Stream<Arguments> toldOnce() {
    return Stream.of(
        Arguments.of(
            "lengths of rejected drafts not rolled back",
            Seam.CACHE,
            "some of whose drafts were rejected"),
        Arguments.of(
            "slot −1 of a padding row is the last slot of the cache", Seam.CACHE, "with padding"),
        Arguments.of(
            "decode deals by generated index, the reader goes by position",
            Seam.PLACEMENT,
            "generated after a prompt that ends within a round"),
        Arguments.of("zero rows that pad the vocabulary win", Seam.HEAD, "are all negative"));
  }

  /** All laws that the fault breaks, in one cause, with the fault's name. */
  @ParameterizedTest
  @MethodSource("toldOnce")
  void oneCauseIsToldOnce(String name, Seam seam, String rows) {
    toldOnce(name, seam, rows);
  }

  /** The decode answers slowly: all cases of four laws are for the night. */
  @Test
  @EnabledIfSystemProperty(named = "helix.museum.seeds", matches = "\\d+")
  void oneCauseOfTheDecodeIsToldOnce() {
    toldOnce("attention sink never counted", Seam.DECODE, "rows of sinks");
  }

  private static void toldOnce(String name, Seam seam, String rows) {
    Exhibit exhibit =
        Museum.exhibits().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    List<Cause> causes = causes(exhibit.at(Law.at(seam).get(0)));
    assertEquals(1, causes.size(), causes::toString);
    String others = causes.get(0).others().orElseThrow();
    assertTrue(others.contains(rows), others);
    assertFalse(causes.get(0).more().isEmpty());
    Diagnosis found = causes.get(0).diagnosis().orElseThrow();
    assertTrue(found.sentence().contains(name), found::sentence);
  }

  private static Optional<Diagnosis> diagnosis(Law law, UnderTest faulty) {
    LawViolation violation = LawSuite.verdict(law, faulty, 1, CASES).broken().orElseThrow();
    return Diagnosis.of(violation.inquiries());
  }

  private static List<Cause> causes(UnderTest faulty) {
    List<LawOutcome> broken =
        Law.at(faulty.seam()).stream()
            .map(law -> LawSuite.verdict(law, faulty, 1, CASES))
            .filter(outcome -> !outcome.holds())
            .toList();
    return LawSuite.causes(broken, faulty, 1, CASES);
  }
}

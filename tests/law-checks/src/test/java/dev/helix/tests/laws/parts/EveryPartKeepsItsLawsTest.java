package dev.helix.tests.laws.parts;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.UnderTest;
import dev.helix.laws.readings.BuiltInCaches;
import dev.helix.laws.readings.BuiltInHeads;
import dev.helix.laws.readings.BuiltInPlacements;
import dev.helix.laws.readings.BuiltInRouters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Placements, caches, routers and heads of this project, in every reading that has one of its own,
 * on every hard case. Random cases are tried on one of each, in the contracts beside this package.
 */
class EveryPartKeepsItsLawsTest {
  static Stream<Arguments> parts() {
    Map<String, UnderTest> all = new LinkedHashMap<>();
    all.putAll(BuiltInPlacements.all());
    all.putAll(BuiltInCaches.all());
    all.putAll(BuiltInRouters.all());
    all.putAll(BuiltInHeads.all());
    return all.entrySet().stream().map(one -> Arguments.of(one.getKey(), one.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void everyHardCaseKeepsEveryLaw(String name, UnderTest part) {
    for (Law law : Law.at(part.seam())) {
      LawOutcome outcome = LawSuite.run(law, part, Long.getLong("helix.laws.seed", 0), 0);
      assertTrue(outcome.holds() && outcome.checked(), () -> name + ": " + outcome.violation());
    }
  }
}

package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.readings.BuiltInMerges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No right merge is ever convicted, of any base, format or form of weights. */
@EnabledIfSystemProperty(named = "helix.museum.seeds", matches = "\\d+")
class RightMergesOnManySeedsTest {
  private static final int CASES = 60;

  private static final Map<String, MergeUnderTest> MERGES = new LinkedHashMap<>();

  static {
    MERGES.putAll(BuiltInMerges.all());
    for (Precision precision : new Precision[] {Precision.FP32, Precision.BF16, Precision.FP16}) {
      MERGES.put("base 2, heads first, " + precision, SinglePrecisionMergeTest.of(precision));
    }
    MERGES.put("running", RunningMergeTest.of(Precision.FP64));
    MERGES.put("running fp32", RunningMergeTest.of(Precision.FP32));
  }

  static Stream<String> names() {
    return MERGES.keySet().stream();
  }

  /**
   * Long cases are of the same sizes on each seed and take minutes, so that two seeds have them.
   */
  @ParameterizedTest
  @MethodSource("names")
  void aRightMergeKeepsEveryLawOnEverySeed(String name) {
    SeamTrials<MergeCase> laws = MERGES.get(name).laws();
    for (long seed = 1; seed <= Long.getLong("helix.museum.seeds", 1); seed++) {
      for (MergeCase given : laws.cases(seed, CASES)) {
        if (seed > 2 && laws.isLong(given)) {
          continue;
        }
        for (Law law : Law.at(Seam.MERGE)) {
          if (laws.applies(law) && laws.applies(law, given)) {
            laws.trial(law, given).check();
          }
        }
      }
    }
  }
}

package dev.helix.tests.laws.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A merge that does what a system published is right in that system's convention, and each fault of
 * the museum that it can have breaks a law there.
 */
class PublishedMergesTest {
  /** 20 by night. */
  private static final int SEEDS = Integer.getInteger("helix.museum.seeds", 1);

  /** All laws of the merge, those first that see most faults. */
  private static final List<Law> LAWS =
      Stream.concat(
              Stream.of(Law.PARTITION, Law.OWNERSHIP, Law.ONE_RANK, Law.COMMUTATIVE),
              Law.at(Seam.MERGE).stream())
          .distinct()
          .toList();

  static List<PublishedMerge> merges() {
    return PublishedMerge.all();
  }

  @ParameterizedTest
  @MethodSource("merges")
  void aMergeByItsPublishedRuleHoldsEveryLaw(PublishedMerge merge) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      holds(merge, seed);
    }
  }

  @ParameterizedTest
  @MethodSource("merges")
  void eachFaultThatAMergeCanHaveBreaksALaw(PublishedMerge merge) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      killed(merge, seed);
    }
  }

  /** By day, the cases that are as long as the tiles of kernels are left out. */
  private static List<MergeCase> cases(long seed) {
    return MergeCases.of(seed, 1).stream().filter(given -> SEEDS > 1 || !given.isLong()).toList();
  }

  private static void holds(PublishedMerge merge, long seed) {
    List<String> broken = new ArrayList<>();
    SeamTrials<MergeCase> right = merge.with(Optional.empty()).laws();
    for (Law law : LAWS) {
      boolean tried = SEEDS > 1 || law != Law.NEEDLE;
      if (tried) {
        LawOutcome outcome = LawSuite.run(law, right, cases(seed));
        outcome.violation().ifPresent(violation -> broken.add(law + ": " + violation));
      }
    }
    assertEquals(List.of(), broken, merge.name() + ", seed " + seed);
  }

  /** By day, faults of sizes are left out, which only long cases show. */
  private static void killed(PublishedMerge merge, long seed) {
    List<MergeCase> cases = cases(seed);
    List<RuleFault> survivors = new ArrayList<>();
    for (RuleFault fault : merge.faults()) {
      SeamTrials<MergeCase> faulty = merge.with(Optional.of(fault)).laws();
      boolean tried = SEEDS > 1 || !fault.isOfSizes();
      if (tried && LAWS.stream().allMatch(law -> LawSuite.verdict(law, faulty, cases).holds())) {
        survivors.add(fault);
      }
    }
    assertEquals(List.of(), survivors, merge.name() + ", seed " + seed);
  }
}

package dev.helix.tests.laws.merge.foreign;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ProgramRun;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.files.CaseFiles;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conventions whose arrays lie otherwise than plainly, put to a program that runs. */
class PublishedLayoutsTest {
  private static final int EACH_HARD_CASE = HardCase.values().length;

  /** For each start; only a hang takes as long. */
  private static final int SECONDS = 600;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flashinfer | shards-first",
        "trtllm-helix | sums-first",
        "vllm-dcp,packing=behind-output | high-first"
      })
  void aProgramKeepsTheLawsThatReadsTheArraysAsTheyLie(String convention, String mistake) {
    LawOutcome right = partition(convention, "right");
    assertTrue(right.holds() && right.checked(), right::toString);
    LawOutcome wrong = partition(convention, mistake);
    assertFalse(wrong.holds(), wrong::toString);
  }

  private static LawOutcome partition(String convention, String mode) {
    List<MergeCase> cases = MergeCases.of(1, EACH_HARD_CASE).subList(0, EACH_HARD_CASE);
    return new ForeignProgram<>(
            new ProgramRun(LaidOutProgram.command(mode), ProgramRun.Way.EACH_FILE, SECONDS, 0),
            new CaseFiles(Declaration.of(ConventionSpelling.read(convention))))
        .run(List.of(Law.PARTITION), cases, settled -> {})
        .outcomes()
        .get(0);
  }
}

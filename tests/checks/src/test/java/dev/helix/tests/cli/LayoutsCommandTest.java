package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code helix layouts}: one row for each run, and one verdict. */
class LayoutsCommandTest {
  private static final int RUNS = 21;

  @Test
  void exactRunsHaveOneDigestAndItIsTheDefinitions() {
    HelixProgram program = run();
    assertEquals(0, program.status(), program.err());
    assertEquals(1, digests(program).stream().distinct().count());
    assertEquals(RUNS, digests(program).size());
    assertTrue(
        program.out().endsWith("verified: 21 runs, one digest, and every bit as defined\n"),
        program.out());
  }

  @Test
  void layoutsOfExpertsAreAmongThem() {
    HelixProgram program = run("--reading", "exact", "--model=recall-mla");
    assertEquals(0, program.status(), program.err());
    assertEquals(1, digests(program).stream().distinct().count());
    assertTrue(
        program.out().endsWith("verified: 28 runs, one digest, and every bit as defined\n"),
        program.out());
    String whole = " {4}8 {4}8 {4}1 {4}1 {4}8  contiguous .*";
    assertTrue(program.out().lines().anyMatch(line -> line.matches(whole)), program.out());
  }

  @Test
  void fp64RunsHaveSeveralAndThatIsNoVerdict() {
    HelixProgram program = run("--reading", "fp64");
    assertEquals(0, program.status(), program.err());
    long several = digests(program).stream().distinct().count();
    assertTrue(several > 1);
    assertTrue(
        program.out().contains("done: 21 runs, " + several + " different digests; not a verdict"),
        program.out());
    assertFalse(program.out().toLowerCase(Locale.ROOT).contains("verified"), program.out());
  }

  @Test
  void aSingleExactRunPrintsTheSameDigest() {
    HelixProgram program =
        HelixProgram.run("decode", "--tokens", "1,33,6,5", "--max-new", "2", "--reading", "exact");
    assertEquals(0, program.status(), program.err());
    String digest = digests(run("--reading", "exact", "--no-verify")).get(0);
    assertTrue(program.out().contains("SHA-256 of all logits: " + digest), program.out());
  }

  /** One row for each layout, and one for all of them. */
  @Test
  void sharesAndBytesAreToldOfEachLayoutAndOfEachStrategy() {
    HelixProgram program = run("--strategies", "tp", "--shares");
    assertEquals(0, program.status(), program.err());
    String row = "tp .* 8 {4}8 {4}1  whole .* \\d\\.\\de-\\d\\d +\\d{5,}  [0-9a-f]{64}";
    assertTrue(program.out().lines().anyMatch(line -> line.matches(row)), program.out());
    String total = "tp +4 +1 +4 +\\d\\.\\de-\\d\\d  0 to \\d{5,}";
    assertTrue(program.out().lines().anyMatch(line -> line.matches(total)), program.out());
    assertTrue(program.out().endsWith("; all parts in fp64 within their bounds\n"), program.out());
  }

  @Test
  void theDefinitionIsOfTheExactReadingAlone() {
    run("--reading", "fp64", "--no-verify")
        .assertRefused("--no-verify: has no effect with another --reading than exact");
    run("--reading", "fp64", "--shares")
        .assertRefused("--shares: has no effect with another --reading than exact");
    run("--strategies", "tp,medha,tp")
        .assertRefused("--strategies: expected each strategy once, got tp twice");
    run("--kvp", "4").assertRefused("--kvp: there is no such option");
  }

  private static HelixProgram run(String... more) {
    Stream<String> all = Stream.of("layouts", "--tokens", "1,33,6,5", "--max-new", "2");
    return HelixProgram.run(Stream.concat(all, Stream.of(more)).toArray(String[]::new));
  }

  private static List<String> digests(HelixProgram program) {
    return program
        .out()
        .lines()
        .filter(line -> line.matches(".* [0-9a-f]{64}"))
        .map(line -> line.substring(line.length() - 64))
        .toList();
  }
}

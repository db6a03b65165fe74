package dev.helix.runtime.sharded.dumped;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.dump.DumpFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a dump states counts where nothing else is given. */
class StatedFactsTest {
  private static final DumpFacts STATED =
      DumpFacts.of(
          "files",
          Map.of(
              "kvp", "4",
              "placement", "round-robin",
              "run_length", "2",
              "convention", "sglang-mha",
              "window", "9"));

  @Test
  void statementsFillWhatIsNotGiven() {
    StatedFacts facts = new StatedFacts(GivenFacts.NONE, STATED);
    GivenFacts all = facts.all();
    assertEquals(OptionalInt.of(4), all.sharding().kvp());
    assertEquals(OptionalInt.of(2), all.sharding().runLength());
    assertEquals(OptionalInt.of(9), all.scores().window());
    assertEquals(Optional.of(NamedConventions.SGLANG_MHA), all.forms().convention());
    assertEquals(
        List.of(
            "as the dump states, KVP is 4, runs are of 2, the window is of 9, the convention is"
                + " sglang-mha"),
        facts.remarks());
  }

  @Test
  void whatIsGivenCountsMore() {
    GivenFacts given =
        GivenFacts.NONE
            .with(
                new GivenFacts.Sharding(
                    OptionalInt.of(2),
                    GivenFacts.Rule.ROUND_ROBIN,
                    OptionalInt.of(16),
                    0,
                    List.of()))
            .with(
                new GivenFacts.Scores(
                    GivenFacts.NONE.scores().scale(),
                    GivenFacts.NONE.scores().softCap(),
                    OptionalInt.of(5)))
            .with(
                new GivenFacts.Forms(
                    Optional.empty(),
                    Optional.of(LogBase.TWO),
                    OptionalInt.empty(),
                    Optional.empty()));
    StatedFacts facts = new StatedFacts(given, STATED);
    assertEquals(given, facts.all());
    assertEquals(List.of(), facts.remarks());
  }

  @Test
  void aStatementThatMakesNoSenseSaysNothing() {
    DumpFacts nonsense =
        DumpFacts.of(
            "files",
            Map.of(
                "kvp", "-3",
                "placement", "round-robin",
                "run_length", "99999999999",
                "convention", "nobody's",
                "window", "∞"));
    assertEquals(GivenFacts.NONE, new StatedFacts(GivenFacts.NONE, nonsense).all());
  }
}

package dev.helix.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.laws.Inquiry.Observation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Which broken laws are told together, of rows whose traits and verdicts are given. */
class CausesTest {
  private static final Trait EMPTY = new Trait(1, "of which no shard has tokens");
  private static final Trait LARGE = new Trait(2, "of 65 or more shards");
  private static final Trait OFTEN = new Trait(3, "of two or more shards");

  @Test
  void lawsThatFailOnRowsOfOneTraitAloneAreToldByTheOneThatFailsMostOften() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.COMMUTATIVE, rows(wrong(EMPTY, OFTEN), right(OFTEN), right(OFTEN)),
                Law.EMPTY_IDENTITY, rows(wrong(EMPTY), right(OFTEN)),
                Law.HULL, rows(right(), wrong(EMPTY, OFTEN), right(OFTEN))));
    assertEquals(
        List.of(
            new Cause(
                Law.EMPTY_IDENTITY,
                List.of(Law.COMMUTATIVE, Law.HULL),
                List.of(EMPTY),
                Optional.empty())),
        causes);
    assertEquals(
        "2 more laws are broken, only by rows of which no shard has tokens: commutative, hull",
        causes.get(0).others().orElseThrow());
  }

  /** A trait that every row has tells nothing of the wrong ones, beside another one neither. */
  @Test
  void lawsThatAreBrokenByRowsWithoutACommonFeatureAreToldSo() {
    Cause cause =
        new Cause(Law.HULL, List.of(Law.PARTITION), List.of(EMPTY, Trait.ANY), Optional.empty());
    assertEquals(
        Optional.of("1 more law is broken, by rows that have no feature in common: partition"),
        cause.others());
    assertEquals(Optional.of("that have no feature in common"), cause.rows());
  }

  /** The needle fails most often, but its input is long; a law of NaN is passed over as well. */
  @Test
  void aNeedleIsShownOnlyIfNoOtherLawIsBrokenByTheSameRows() {
    Inquiry always = rows(wrong(LARGE));
    Inquiry atTimes = rows(wrong(LARGE), right(OFTEN));
    List<Cause> causes =
        Causes.of(
            asked(
                Law.PARTITION, atTimes,
                Law.NEEDLE, always,
                Law.NAN_IS_REPORTED, always));
    assertEquals(
        List.of(
            new Cause(
                Law.PARTITION,
                List.of(Law.NEEDLE, Law.NAN_IS_REPORTED),
                List.of(LARGE),
                Optional.empty())),
        causes);
    assertEquals(
        Law.NAN_IS_REPORTED,
        Causes.of(asked(Law.NEEDLE, always, Law.NAN_IS_REPORTED, atTimes)).get(0).shown());
    assertEquals(Law.NEEDLE, Causes.of(asked(Law.NEEDLE, always)).get(0).shown());
  }

  /** The mean over thousands of rows has a number that comes before those of simpler laws. */
  @Test
  void aCauseThatLongInputsAloneShowComesLast() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.WEIGHTS, rows(right(OFTEN)),
                Law.NEEDLE, rows(wrong(EMPTY), right(OFTEN)),
                Law.BASES, rows(wrong(LARGE), right(OFTEN))));
    assertEquals(3, causes.size());
    assertEquals(Law.BASES, causes.get(0).shown());
  }

  @Test
  void aLawThatAlsoFailsWithoutTheTraitIsToldByItself() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.COMMUTATIVE, rows(wrong(EMPTY), wrong(EMPTY), right(OFTEN)),
                Law.EMPTY_IDENTITY, rows(wrong(EMPTY), wrong(EMPTY), right()),
                Law.PARTITION, rows(wrong(EMPTY), wrong(LARGE), right(OFTEN), right())));
    assertEquals(
        List.of(Law.COMMUTATIVE, Law.PARTITION), causes.stream().map(Cause::shown).toList());
    assertEquals(List.of(Law.EMPTY_IDENTITY), causes.get(0).more());
    assertEquals(List.of(EMPTY), causes.get(0).traits());
  }

  @Test
  void aLawThatIsBrokenThoughEachAnswerIsRightForItselfIsToldByItself() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.OWNERSHIP, rows(right(OFTEN)),
                Law.HULL, rows(wrong(OFTEN), right())));
    assertEquals(List.of(Law.OWNERSHIP, Law.HULL), causes.stream().map(Cause::shown).toList());
    assertEquals(List.of(List.of(), List.of()), causes.stream().map(Cause::traits).toList());
  }

  @Test
  void ofTwoTraitsOfTheSameRowsTheMoreTellingIsNamed() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.COMMUTATIVE, rows(wrong(LARGE, EMPTY), right(OFTEN)),
                Law.HULL, rows(wrong(EMPTY, LARGE), right())));
    assertEquals(List.of(EMPTY), causes.get(0).traits());
  }

  /** Of three laws one is broken by the rows of both causes. */
  @Test
  void aLawThatTwoCausesBreakIsToldWithTheTraitsOfBoth() {
    List<Cause> causes =
        Causes.of(
            asked(
                Law.COMMUTATIVE, rows(wrong(EMPTY), wrong(EMPTY), wrong(EMPTY), right(OFTEN)),
                Law.HULL, rows(wrong(EMPTY), wrong(LARGE), right(OFTEN)),
                Law.PARTITION, rows(wrong(LARGE), wrong(LARGE), right(OFTEN))));
    assertEquals(
        List.of(
            "1 more law is broken, only by rows of 65 or more shards or rows of which no shard has"
                + " tokens: hull"),
        causes.stream().flatMap(cause -> cause.others().stream()).toList());
  }

  private static Map<Law, List<Inquiry>> asked(Object... lawsAndRows) {
    Map<Law, List<Inquiry>> asked = new LinkedHashMap<>();
    for (int i = 0; i < lawsAndRows.length; i += 2) {
      asked.put((Law) lawsAndRows[i], List.of((Inquiry) lawsAndRows[i + 1]));
    }
    return asked;
  }

  private static Observation wrong(Trait... traits) {
    return new Observation(Set.copyOf(Arrays.asList(traits)), true);
  }

  private static Observation right(Trait... traits) {
    return new Observation(Set.copyOf(Arrays.asList(traits)), false);
  }

  private static Inquiry rows(Observation... rows) {
    return new Inquiry() {
      @Override
      public String question() {
        return "?";
      }

      @Override
      public List<Observation> observations() {
        return List.of(rows);
      }

      @Override
      public Optional<WrongElement> worst() {
        return Optional.empty();
      }

      @Override
      public List<Agreement> agreements(Predicate<String> asked) {
        return List.of();
      }
    };
  }
}

package dev.helix.runtime.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.report.SweepTable;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TtlInterval;
import dev.helix.tensor.mesh.Layout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each sentence of an advice says what the numbers say that it is made from. */
class AdviceTextTest {
  private static final Wish WISH = new Wish(20, OptionalInt.empty());

  private static final Deployment DEPLOYMENT =
      new Deployment(
          ModelShape.of("llama-405b").config(),
          Machine.named("gb200", "silicon"),
          DeployedPrecision.FP4,
          100_000);

  private static final Configuration LAYOUT =
      new Configuration(
          new Plan(
              StrategyKind.HELIX,
              new HelixStrategy(Layout.dense(4, 2), PlacementRule.roundRobin(16))),
          8,
          HopB.OFF,
          1);

  private static final StepTime STEP = new WholeSteps(DEPLOYMENT).of(LAYOUT);

  private static final Point BEST = point(10_000);
  private static final Advice.Certainty CERTAINTY =
      new Advice.Certainty(1, 0.25, 2, 8, Optional.empty());
  private static final Advice.Limits LIMITS = new Advice.Limits(40, 30);

  private static Point point(double ttlMicros) {
    return new Point(LAYOUT, ttlMicros, STEP.memory().fullest());
  }

  private static Advice.Layouts layouts(Optional<Point> second, Optional<Point> withoutHopB) {
    return new Advice.Layouts(BEST, second, withoutHopB);
  }

  /** A bottleneck whose speed of light is two fifths of the step's TTL. */
  private static Bottleneck bottleneck(Map<String, Double> overlapMicros) {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("memory bandwidth", 0.1);
    shares.put("link", 0.25);
    shares.put("arithmetic", 0.0);
    return new Bottleneck(STEP, shares, STEP.ttlMicros() / 2.5, overlapMicros);
  }

  private static String advised(
      Advice.Layouts layouts, Map<String, Double> overlap, Advice.Limits limits) {
    return advised(new Advice(layouts, bottleneck(overlap), limits, CERTAINTY));
  }

  private static String advised(Advice.Certainty certainty) {
    Advice.Layouts alone = layouts(Optional.empty(), Optional.empty());
    return advised(new Advice(alone, bottleneck(Map.of()), LIMITS, certainty));
  }

  private static String advised(Advice advice) {
    return AdviceText.of(advice, DEPLOYMENT, WISH, "time --model m");
  }

  /** The line that begins with a word, without it. */
  private static String line(String word, String text) {
    return text.lines()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError(word + " is missing:\n" + text));
  }

  private static String words(Point point) {
    return SweepTable.words(point).strip();
  }

  @Test
  void theBestAndTheSecondStandWithTheCommandThatTimesTheBest() {
    Point second = point(16_000);
    String text = advised(layouts(Optional.of(second), Optional.empty()), Map.of(), LIMITS);
    assertEquals(words(BEST), line("best", text));
    assertTrue(text.contains("\n           TTL 10.000 ms\n"), text);
    assertEquals(words(second), line("second", text));
    assertEquals("time --model m " + LAYOUT.timeOptions(), line("as time", text));
    String alone = advised(layouts(Optional.empty(), Optional.empty()), Map.of(), LIMITS);
    assertEquals("nothing else", line("second", alone));
  }

  @Test
  void theFourPhasesThatTakeMostOfTheTtlAreNamedTheLargestFirst() {
    String why = line("why", advised(CERTAINTY));
    List<Double> percent =
        Pattern.compile("(\\d+)%")
            .matcher(why)
            .results()
            .map(phase -> phase.group(1))
            .map(Double::valueOf)
            .toList();
    List<Double> largest =
        STEP.schedule().exposedMicros().values().stream()
            .sorted(Collections.reverseOrder())
            .limit(4)
            .map(micros -> (double) Math.round(100 * micros / STEP.ttlMicros()))
            .toList();
    assertEquals(4, percent.size(), why);
    assertEquals(largest, percent, why);
  }

  @Test
  void theResourceThatSavesMostHoldsUpAndTheSpeedOfLightIsCompared() {
    String text = advised(CERTAINTY);
    assertEquals(
        "link; of the TTL, one twice as good would save: memory bandwidth 10%, link 25%,"
            + " arithmetic 0%",
        line("held up by", text));
    assertTrue(line("light", text).startsWith("2.50 times the speed of light"), text);
  }

  @Test
  void withoutHopBNothingIsSaidOfItsPieces() {
    assertFalse(advised(CERTAINTY).contains("HOP-B"));
  }

  @Test
  void hopBKeepsTheWishOnlyIfEachPieceMayHaveItsOwnOverhead() {
    Advice.Layouts layouts = layouts(Optional.empty(), Optional.of(point(19_000)));
    String kept = advised(layouts, Map.of("per-piece", 20_000.0), LIMITS);
    assertEquals("TTL of the layout: per-piece 20.000 ms", line("HOP-B", kept));
    assertEquals(
        "it keeps the wish even if each piece has its own overhead; best without HOP-B is "
            + words(point(19_000)),
        after("HOP-B", kept));
    Advice.Layouts only = layouts(Optional.empty(), Optional.empty());
    String missed = advised(only, Map.of("per-piece", 20_000.1), LIMITS);
    assertEquals(
        "it misses the wish unless its pieces share their overhead; best without HOP-B is nothing,"
            + " as nothing is fast enough",
        after("HOP-B", missed));
  }

  /** The line below the one that begins with a word. */
  private static String after(String word, String text) {
    List<String> lines = text.lines().toList();
    int at = lines.indexOf(text.lines().filter(l -> l.startsWith(word)).findFirst().orElseThrow());
    return lines.get(at + 1).strip();
  }

  @Test
  void whateverFewerRequestsFillBreaksFirst() {
    String memory = "; it takes \\d+% of the usable memory";
    Advice.Layouts alone = layouts(Optional.empty(), Optional.empty());
    String byTime = line("breaks", advised(alone, Map.of(), new Advice.Limits(40, 30)));
    assertTrue(byTime.matches("first the TTL, beyond 30 requests, through link" + memory), byTime);
    for (int inTime : new int[] {40, 41}) {
      String byMemory = line("breaks", advised(alone, Map.of(), new Advice.Limits(40, inTime)));
      assertTrue(byMemory.matches("first memory, beyond 40 requests" + memory), byMemory);
    }
    String bySearch = line("breaks", advised(alone, Map.of(), new Advice.Limits(512, 512)));
    assertTrue(
        bySearch.matches("nothing up to the 512 requests at which the search ends" + memory),
        bySearch);
    MatchResult share =
        Pattern.compile("(\\d+)%").matcher(byTime).results().findFirst().orElseThrow();
    long usable = DEPLOYMENT.usableBytes();
    assertEquals(
        Math.round(100.0 * BEST.memoryBytes() / usable), Long.parseLong(share.group(1)), byTime);
  }

  @Test
  void theChoiceIsAsCertainAsItsMarginsSay() {
    String text = advised(new Advice.Certainty(1, 0.25, 2, 8, Optional.empty()));
    assertEquals(
        "while times are at most 100.0% too short, else the TTL is missed; the second wins if its"
            + " time is modelled 25.0% too long against this one's",
        line("certain", text));
    assertEquals(
        "while an exchange takes up to 2 µs less or 8 µs more than silicon has",
        after("certain", text));
    String alone =
        advised(new Advice.Certainty(1, Double.POSITIVE_INFINITY, 2, 8, Optional.empty()));
    assertTrue(line("certain", alone).endsWith("; no other layout is fast enough"), alone);
    assertFalse(text.contains("errors"), text);
  }

  @Test
  void theRivalsThatMeasurementsLeaveAreCounted() {
    Rival best = new Rival(BEST, new TtlInterval(9_000, 12_000));
    String none = advised(measured(new Advice.Measured(best, List.of(), 7)));
    assertEquals(
        "of measurements make its TTL 9.000 to 12.000 ms; of the 7 next layouts none may be better"
            + " by its own",
        line("errors", none));
    Rival rival = new Rival(point(16_000), new TtlInterval(8_000, 20_000));
    String one = advised(measured(new Advice.Measured(best, List.of(rival), 7)));
    assertTrue(line("errors", one).endsWith("1 may be better by theirs:"), one);
    // 8 requests on 8 GPUs: a token for each GPU in 20 ms or in 8 ms.
    assertEquals(
        "8.000 to 20.000 ms, 50.00 to 125.00 tokens/s/GPU: " + LAYOUT, after("errors", one));
  }

  private static Advice.Certainty measured(Advice.Measured measured) {
    return new Advice.Certainty(1, 0.25, 2, 8, Optional.of(measured));
  }

  private static final OtherPreset.Own OWN = new OtherPreset.Own(12_000, 0);

  @Test
  void anotherPresetMayCountMoreMemoryThanThereIs() {
    OtherPreset.Own tooLarge = new OtherPreset.Own(12_000, 2_340_000_000L);
    Optional<Point> other = Optional.of(point(16_000));
    assertEquals(
        "silicon    this layout has 12.000 ms, but needs 2.34 GB more than a GPU may fill by what"
            + " it counts; the best there is "
            + words(other.orElseThrow())
            + "\n",
        AdviceText.beside(new OtherPreset("silicon", tooLarge, other, Optional.empty(), false)));
  }

  @Test
  void anotherPresetHasTheSameBestOrAnotherOrNone() {
    Optional<Point> other = Optional.of(point(16_000));
    String has = "paper      this layout has 12.000 ms; ";
    assertEquals(
        has + "the best there too\n",
        AdviceText.beside(new OtherPreset("paper", OWN, other, Optional.empty(), true)));
    assertEquals(
        has + "the best there is " + words(other.orElseThrow()) + "\n",
        AdviceText.beside(new OtherPreset("paper", OWN, other, Optional.empty(), false)));
    assertEquals(
        has + "no layout is fast enough there, and the nearest has 16.000 ms: " + LAYOUT + "\n",
        AdviceText.beside(new OtherPreset("paper", OWN, Optional.empty(), other, false)));
  }
}

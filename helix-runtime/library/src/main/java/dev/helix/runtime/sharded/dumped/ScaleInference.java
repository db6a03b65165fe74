package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.scale.DumpedEquations;
import dev.helix.runtime.sharded.scale.ScaleFit;
import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.PartialJudge;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.Suspect;
import dev.helix.runtime.sharded.stages.WholeJudge;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.runtime.sharded.tally.WrongNumbers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks for the softmax scale of a dump that does not state it, where attention with the assumed
 * one does not explain what was dumped.
 *
 * <p>If one scale explains every number, nothing of the dump tells a model with this scale from a
 * kernel that has it by mistake. So nobody is convicted: the stages that depend on the scale are
 * not decided, and have to be told it. If a scale makes right ranks of wrong ones, but not of all,
 * some rank is wrong whatever the scale is, and is judged by the scale of the others. If no rank is
 * right in any case, the scale that explains most numbers counts. If two scales explain as much
 * each, the assumed one counts, and the other is told.
 *
 * <p>A scale that is fitted to one number explains it whatever it is. Then nothing is decided, and
 * the scale is no finding.
 */
final class ScaleInference {
  /** A share of a bound up to which a scale that is a little off may be meant. */
  private static final double NEARLY = 1.5;

  private static final int NARROWINGS = 16;

  /**
   * Scales of models differ by more of themselves. What a few missing tokens or one wrong row look
   * like is a scale as near as that, which no kernel has.
   */
  private static final double SAME = 1e-2;

  /** A part of the numbers that the assumed scale explains. */
  private static final double NEARLY_AS_MANY = 0.6;

  /** Names of faults that are nothing but another scale. */
  private static final String A_NUMBER = "(LSE alone: )?softmax scale [0-9.]+( .*)?";

  private final GivenFacts.Forms given;
  private final FoundFacts assumed;
  private final Under under;

  /** Finds out the forms of a step under other facts. */
  @FunctionalInterface
  interface Under {
    FoundFacts forms(ShardedStep step);
  }

  ScaleInference(GivenFacts.Forms given, FoundFacts assumed, Under under) {
    this.given = given;
    this.assumed = assumed;
    this.under = under;
  }

  /** A scale, and what it makes of the step. */
  private record Tried(double scale, String text, FoundFacts found, Tally tally) {}

  /** The step as it is judged. */
  FoundFacts found() {
    Optional<Stage> stage = stage();
    if (stage.isEmpty()) {
      return assumed;
    }
    Tally asAssumed = tally(assumed.right(), stage.get());
    if (asAssumed.wrong() == 0) {
      return assumed;
    }
    Optional<Tried> best = Optional.empty();
    for (ScaleFit fit : fits(asAssumed)) {
      Tried tried = nearby(fit, stage.get());
      boolean other = Math.abs(tried.scale / scale(assumed) - 1) > SAME;
      if (other && (best.isEmpty() || tried.tally.unexplained() < best.get().tally.unexplained())) {
        best = Optional.of(tried);
      }
      if (tried.tally.unexplained() == 0) {
        break;
      }
    }
    if (best.isEmpty()) {
      return assumed;
    }
    Tried tried = best.get();
    if (tried.tally.unexplained() == 0 && isFittedToOne(stage.get())) {
      return undecided(asAssumed);
    }
    int more = rightRanks(tried.tally) - rightRanks(asAssumed);
    if (more > 0 || (more == 0 && explainsMost(tried.tally, asAssumed))) {
      return adopted(tried, asAssumed, stage.get());
    }
    boolean others = !wrongRanks(tried.tally).containsAll(wrongRanks(asAssumed));
    boolean asMuch = tried.tally.within() >= NEARLY_AS_MANY * asAssumed.within();
    return others && asMuch ? tied(tried) : assumed;
  }

  /** Whether no rank is right, but most numbers are, and more than with the assumed scale. */
  private static boolean explainsMost(Tally tally, Tally asAssumed) {
    return rightRanks(tally) == 0
        && tally.within() > asAssumed.within()
        && 2 * tally.within() > tally.elements();
  }

  private boolean isFittedToOne(Stage stage) {
    ShardedStep step = assumed.step();
    return new DumpedEquations(step, LocalReading.of(step.facts())).count(stage) <= 1;
  }

  /** Neither the assumed scale nor any other one is confirmed or refuted by what was dumped. */
  private FoundFacts undecided(Tally asAssumed) {
    Map<Stage, String> unknown = new EnumMap<>(assumed.unknown());
    String asked = "the softmax scale: give --scale";
    String counts =
        ", since with the assumed one %d of %d numbers %s, and some scale explains so few numbers whatever they are"
            .formatted(
                asAssumed.wrong(),
                asAssumed.elements(),
                asAssumed.wrong() == 1 ? "is beyond its bound" : "are beyond their bounds");
    unknown.put(Stage.PARTIAL, asked + counts);
    unknown.put(Stage.WHOLE, asked + counts);
    Set<Stage> undecided = EnumSet.noneOf(Stage.class);
    for (Stage stage : List.of(Stage.PARTIAL, Stage.WHOLE)) {
      if (judge(assumed.right(), stage).lacking().isEmpty()) {
        undecided.add(stage);
      }
    }
    return new FoundFacts(assumed.right(), assumed.remarks(), unknown, undecided);
  }

  /** Nearly as much is right with the other scale as with the assumed one, and nothing decides. */
  private FoundFacts tied(Tried tried) {
    List<String> remarks = new ArrayList<>(assumed.remarks());
    remarks.add(
        "softmax scale %s fits what the assumed one does not: if it is the model's, other ranks are wrong"
            .formatted(tried.text));
    return new FoundFacts(assumed.right(), remarks, assumed.unknown(), assumed.undecided());
  }

  private static double scale(FoundFacts found) {
    return found.step().facts().scores().scale();
  }

  /** The stage by which a scale is judged; empty if there is none. */
  private Optional<Stage> stage() {
    RightStates right = assumed.right();
    for (Stage stage : List.of(Stage.PARTIAL, Stage.WHOLE)) {
      if (judge(right, stage).lacking().isEmpty() && !assumed.unknown().containsKey(stage)) {
        return Optional.of(stage);
      }
    }
    return Optional.empty();
  }

  private static Judge judge(RightStates right, Stage stage) {
    return stage == Stage.PARTIAL
        ? new PartialJudge(right.step(), right)
        : new WholeJudge(right.step(), right, Digits.DOUBLE);
  }

  private static Tally tally(RightStates right, Stage stage) {
    return judge(right, stage).compare(new Scope(ranks(right.step()), Set.of()));
  }

  private static Set<Integer> ranks(ShardedStep step) {
    return IntStream.range(0, step.ranks().size()).boxed().collect(Collectors.toSet());
  }

  private static Set<Integer> wrongRanks(Tally tally) {
    return tally.wrongPlaces().stream().map(Place::rank).collect(Collectors.toSet());
  }

  private static int rightRanks(Tally tally) {
    Set<Integer> judged =
        tally.shares().keySet().stream().map(Place::rank).collect(Collectors.toSet());
    judged.removeAll(wrongRanks(tally));
    return judged.size();
  }

  /** The scales that rows of all ranks fit, or of the wrong ones, in each base of LSEs. */
  private List<ScaleFit> fits(Tally asAssumed) {
    ShardedStep step = assumed.step();
    boolean open = given.base().isEmpty() && given.convention().isEmpty();
    boolean isRead = open && step.has(StepTensor.PARTIAL_LSE);
    List<ScaleFit> fits = new ArrayList<>();
    for (LogBase base : isRead ? List.of(LogBase.E, LogBase.TWO) : List.of(base(step))) {
      ShardedStep read = changed(step, convention -> inBase(convention, base));
      LocalReading reading = LocalReading.of(read.facts());
      fits.addAll(ScaleFit.of(read, reading, ranks(read)));
      Set<Integer> wrong = wrongRanks(asAssumed);
      if (wrong.size() < ranks(read).size()) {
        fits.addAll(ScaleFit.of(read, reading, wrong));
      }
    }
    return fits;
  }

  private static LogBase base(ShardedStep step) {
    return step.facts().forms().convention().base();
  }

  private static Convention inBase(Convention convention, LogBase base) {
    return base == convention.base() ? convention : convention.with(convention.weights().in(base));
  }

  private static ShardedStep changed(ShardedStep step, UnaryOperator<Convention> change) {
    StepFacts.Forms forms = step.facts().forms();
    return step.under(
        step.facts()
            .with(
                new StepFacts.Forms(
                    forms.kernel(), change.apply(forms.convention()), forms.cache())));
  }

  private Tried tried(double scale, String text, Stage stage) {
    StepFacts facts = assumed.step().facts();
    FoundFacts found =
        under.forms(assumed.step().under(facts.with(facts.scores().withScale(scale))));
    return new Tried(scale, text, found, tally(found.right(), stage));
  }

  /**
   * Tries the scale of a fit. A few rows may tell it not quite as exactly as the bounds of all rows
   * ask for, above all where there are no LSEs; then the least share of a bound is looked for
   * nearby.
   */
  private Tried nearby(ScaleFit fit, Stage stage) {
    Tried best = tried(fit.inFewDigits(), fit.text(), stage);
    double low = fit.scale() - fit.uncertainty();
    double high = fit.scale() + fit.uncertainty();
    for (int i = 0; i < NARROWINGS && best.tally.wrong() > 0 && best.tally.share() < NEARLY; i++) {
      double third = (high - low) / 3;
      Tried left = tried(low + third, fit.text(), stage);
      Tried right = tried(high - third, fit.text(), stage);
      boolean isLeft = left.tally.share() < right.tally.share();
      Tried better = isLeft ? left : right;
      best = better.tally.share() < best.tally.share() ? better : best;
      low = isLeft ? low : low + third;
      high = isLeft ? high - third : high;
    }
    return best.scale == fit.inFewDigits()
        ? best
        : new Tried(best.scale, Double.toString(best.scale), best.found, best.tally);
  }

  /** The known fault that would explain the numbers as well, if the assumed scale is right. */
  private String elseFault(Stage stage) {
    Scope all = new Scope(ranks(assumed.step()), Set.of());
    Scope first = new Scope(Set.of(0), Set.of(0));
    Judge asAssumed = judge(assumed.right(), stage);
    WrongNumbers wrong = new WrongNumbers(all::has, tally -> asAssumed.compare(all, tally));
    List<String> faults =
        asAssumed.suspects().stream()
            .filter(suspect -> !suspect.name().matches(A_NUMBER))
            .filter(suspect -> suspect.tried(first).unexplained() == 0)
            .filter(suspect -> explains(suspect, all, wrong))
            .map(suspect -> '"' + suspect.name() + '"')
            .toList();
    return faults.isEmpty() ? "" : "; else the fault is " + String.join(", or as well ", faults);
  }

  /** Whether a fault explains all, and bounds tell it from none. */
  private static boolean explains(Suspect suspect, Scope all, WrongNumbers wrong) {
    WrongNumbers.UnderFault under =
        wrong.new UnderFault(all::has, tally -> suspect.trial().compare(all, tally));
    return under.tally().unexplained() == 0 && under.speaking() > 0;
  }

  private FoundFacts adopted(Tried tried, Tally asAssumed, Stage stage) {
    List<String> remarks = new ArrayList<>();
    Map<Stage, String> unknown = new EnumMap<>(tried.found.unknown());
    if (tried.tally.unexplained() == 0) {
      String asked =
          "the softmax scale: give --scale %s if it is the model's".formatted(tried.text);
      String counts =
          "; with it all %d numbers are within their bounds, and with the assumed one %d are not"
              .formatted(tried.tally.elements(), asAssumed.wrong());
      unknown.put(Stage.PARTIAL, asked + counts + elseFault(stage));
      unknown.put(Stage.WHOLE, asked);
    } else {
      remarks.add(
          "judged with softmax scale %s, which fits more %s"
              .formatted(tried.text, rightRanks(tried.tally) > 0 ? "ranks" : "numbers"));
    }
    remarks.addAll(tried.found.remarks());
    return new FoundFacts(tried.found.right(), remarks, unknown, tried.found.undecided());
  }
}

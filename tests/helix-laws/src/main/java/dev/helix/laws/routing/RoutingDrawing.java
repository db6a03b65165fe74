package dev.helix.laws.routing;

import dev.helix.laws.DrawnCases;
import dev.helix.laws.routing.RoutingRule.ExpertGroups;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingRule.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Draws cases of routing, with a source of randomness and the features of an implementation. */
final class RoutingDrawing {
  /** Experts of which one token takes a while to be computed with 50 digits. */
  private static final int MANY = 40;

  private static final double[] SCALES = {1, 2.5, 16, 0.5, 1.5};

  private final SplittableRandom random;
  private final RoutingUnderTest subject;

  private RoutingDrawing(SplittableRandom random, RoutingUnderTest subject) {
    this.random = random;
    this.subject = subject;
  }

  static DrawnCases<RoutingCase> cases(RoutingUnderTest subject) {
    List<Function<SplittableRandom, RoutingCase>> hard = new ArrayList<>();
    for (RoutingHardCase each : RoutingHardCase.values()) {
      if (each.isFor(subject.scorings(), subject.groupScores())) {
        hard.add(random -> each.make(new RoutingDrawing(random, subject)));
      }
    }
    return new DrawnCases<>(hard, random -> new RoutingDrawing(random, subject).ordinary());
  }

  int from(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean maybe() {
    return random.nextBoolean();
  }

  /** A random number from −width to width, on the format's grid. */
  double spread(double width) {
    return subject.format().round((2 * random.nextDouble() - 1) * width);
  }

  double round(double x) {
    return subject.format().round(x);
  }

  /** Draws a scale that is not 1. */
  double scale() {
    return SCALES[from(1, SCALES.length - 1)];
  }

  private RoutingCase ordinary() {
    Scoring scoring = pick(subject.scorings());
    int groups = subject.groupScores().isEmpty() ? 1 : from(1, 4);
    int size = from(2, 5);
    RoutingRule rule =
        rule(scoring, groups, size, from(1, groups), SCALES[random.nextInt(SCALES.length)]);
    RoutingDraft draft = new RoutingDraft(rule, from(1, 4), most -> from(0, most));
    draft.logits(token -> expert -> spread(4));
    if (maybe()) {
      draft.bias(expert -> spread(1));
    }
    return draft.done(Set.of());
  }

  /** Draws one element of a set; the order of the set has no effect. */
  private <E extends Enum<E>> E pick(Set<E> some) {
    return some.stream().sorted().toList().get(random.nextInt(some.size()));
  }

  /**
   * A rule with groups of one size, of which {@code kept} stay. The number of chosen experts is
   * drawn.
   */
  RoutingRule rule(Scoring scoring, int groups, int size, int kept, double scale) {
    return rule(scoring, groups, size, kept, from(1, Math.min(8, kept * size)), scale);
  }

  RoutingRule rule(Scoring scoring, int groups, int size, int kept, int topK, double scale) {
    ExpertGroups divided =
        groups == 1
            ? ExpertGroups.NONE
            : new ExpertGroups(groups, kept, pick(subject.groupScores()));
    return new RoutingRule(scoring, groups * size, topK, divided, new Weighting(maybe(), scale));
  }

  /** Draws a rule with at least three groups of at least three experts, of which not all stay. */
  RoutingRule grouped(Scoring scoring) {
    int groups = from(3, 5);
    int kept = from(1, groups - 1);
    int size = from(3, 5);
    return rule(scoring, groups, size, kept, from(2, Math.min(8, kept * size)), scale());
  }

  /** Draws a rule with any scoring, and with groups if the implementation has them. */
  RoutingRule any() {
    Scoring scoring = pick(subject.scorings());
    return subject.groupScores().isEmpty()
        ? rule(scoring, 1, from(6, 12), 1, scale())
        : grouped(scoring);
  }

  Scoring scoring() {
    return pick(subject.scorings());
  }

  boolean hasGroups() {
    return !subject.groupScores().isEmpty();
  }

  RoutingDraft draft(RoutingRule rule) {
    int tokens = rule.experts() > MANY ? from(1, 2) : from(2, 4);
    RoutingDraft draft = new RoutingDraft(rule, tokens, most -> from(0, most));
    draft.logits(token -> expert -> spread(4));
    return draft;
  }

  /** Draws {@code count} numbers of which only {@code different} are distinct. */
  double[] repeated(int count, int different, double width) {
    double[] few = IntStream.range(0, different).mapToDouble(i -> spread(width)).toArray();
    double[] all = new double[count];
    Arrays.setAll(all, i -> few[random.nextInt(different)]);
    return all;
  }
}

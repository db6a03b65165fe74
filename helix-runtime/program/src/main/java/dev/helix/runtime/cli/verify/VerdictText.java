package dev.helix.runtime.cli.verify;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.UnseenLoss;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.sharded.verdict.Suspicion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A verdict in words, for a person at a terminal. */
final class VerdictText {
  private static final String INDENT = " ".repeat(21);

  /** More faults that explain the same are a list. */
  private static final int MOST_IN_A_LINE = 3;

  private final DumpedStep dumped;
  private final ShardedStep step;
  private final List<String> lines = new ArrayList<>();

  VerdictText(DumpedStep dumped) {
    this.dumped = dumped;
    this.step = dumped.step();
  }

  /** What is judged: sizes, and what was taken for granted. */
  List<String> heading() {
    StepShape shape = step.facts().shape();
    List<String> heading = new ArrayList<>();
    String heads =
        step.hasCaches()
            ? "%s over %s"
                .formatted(count(shape.heads(), "query head"), count(shape.kvHeads(), "KV head"))
            : count(shape.heads(), "query head");
    heading.add(
        "%s: %s of KVP %d, %s of %s, %s, outputs of %d"
            .formatted(
                dumped.moment(),
                ranks(allRanks()),
                shape.kvp(),
                count(step.facts().tokens().size(), "query token"),
                count(step.facts().owners().requests(), "request"),
                heads,
                shape.valueDim()));
    heading.addAll(dumped.remarks().stream().map(remark -> "  " + remark).toList());
    return heading;
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private Set<Integer> allRanks() {
    return step.ranks().stream().map(rank -> rank.rank()).collect(Collectors.toSet());
  }

  /** The verdict on each stage. */
  List<String> stages(StepVerdict verdict) {
    lines.clear();
    for (StageVerdict stage : verdict.stages()) {
      if (!stage.isChecked()) {
        boolean undecided = dumped.facts().undecided().contains(stage.stage());
        say(stage.stage(), (undecided ? "undecided: " : "not checked: ") + lacking(stage));
      } else if (stage.isWrong()) {
        wrong(stage);
      } else {
        say(stage.stage(), right(stage));
        unbounded(stage);
        if (stage.stage() == Stage.PARTIAL) {
          UnseenLoss.of(dumped.right()).ifPresent(loss -> more(unseen(loss)));
        }
        hidden(stage);
      }
    }
    return List.copyOf(lines);
  }

  /** What would be wrong with a step that is right. */
  List<String> suspicion(StepVerdict suspected) {
    List<String> all = new ArrayList<>();
    all.add(
        "  SUSPECT: if kernels add up in splits, so that --longest-sum %d holds, then"
            .formatted(Suspicion.LONGEST_SUM));
    all.addAll(stages(suspected));
    return all;
  }

  private static String lacking(StageVerdict stage) {
    return stage
        .lacking()
        .map(what -> what.contains(": give ") ? "it needs " + what : "the dump lacks " + what)
        .orElse("there is nothing to compare");
  }

  private void say(Stage stage, String words) {
    lines.add("  %-17s  %s".formatted(stage, words));
  }

  private void more(String words) {
    lines.add(INDENT + words);
  }

  private static String right(StageVerdict stage) {
    long elements = stage.tally().elements();
    boolean exact = stage.stage() == Stage.OWNERSHIP || stage.stage() == Stage.EXCHANGE;
    if (elements == 1) {
      return exact
          ? "holds: its one number is equal"
          : "holds: rounding explains its one number, which takes %s of its bound"
              .formatted(percent(stage.tally().share()));
    }
    return exact
        ? "holds: all %d numbers are equal".formatted(elements)
        : "holds: rounding explains all %d numbers, which take at most %s of their bounds"
            .formatted(elements, percent(stage.tally().share()));
  }

  private void hidden(StageVerdict stage) {
    boolean ofTokens = stage.stage() == Stage.PARTIAL || stage.stage() == Stage.WHOLE;
    long rows = stage.tally().hiddenRows();
    if (ofTokens && rows > 0) {
      more(
          "zeros in place of %s would not be seen%s"
              .formatted(rows == 1 ? "an output" : rows + " outputs", fewer()));
    }
  }

  private void unbounded(StageVerdict stage) {
    long unbounded = stage.tally().unbounded();
    if (unbounded > 0) {
      more(
          "not checked, since rounding may put them anywhere: %d more; give --longest-sum"
              .formatted(unbounded));
    }
  }

  private String unseen(UnseenLoss loss) {
    int run = step.facts().owners().longestRun();
    boolean dealt = step.facts().shape().kvp() > 1 && !placementIsOpen();
    return "up to %d of the %d tokens of rank %d, of mean weight, could be missing and not be seen"
            .formatted(loss.tokens(), loss.of(), loss.rank() + dumped.firstRank())
        + (dealt && run <= loss.tokens() ? ", a run of %d too".formatted(run) : "")
        + fewer();
  }

  /** With which option a bound would hide less. */
  private String fewer() {
    long longest = step.facts().forms().kernel().longestSum();
    if (longest == KernelRoundings.ANY_ORDER) {
      return "; fewer with --longest-sum";
    }
    return longest > 1 ? "; fewer with a smaller --longest-sum" : "; the scores alone hide them";
  }

  private static String percent(double share) {
    return share >= 0.1
        ? "%.0f%%".formatted(100 * share)
        : "%s%%".formatted(significant(100 * share, 2));
  }

  private void wrong(StageVerdict stage) {
    if (stage.follows()) {
      say(
          stage.stage(),
          "WRONG at %s, as follows from what is wrong above"
              .formatted(extent(stage.tally().wrongPlaces(), stage.stage())));
      return;
    }
    Element worst = stage.tally().worst().orElseThrow();
    boolean exact = worst.bound() == 0 || Double.isNaN(worst.expected());
    String numbers =
        exact
            ? "%s %s, expected %s"
                .formatted(worst.quantity(), number(worst.got()), number(worst.expected()))
            : "%s %s, expected %s ± %s"
                .formatted(
                    worst.quantity(),
                    number(worst.got(), worst.bound()),
                    number(worst.expected(), worst.bound()),
                    significant(worst.bound(), 1));
    say(stage.stage(), "WRONG at " + extent(stage.tally().wrongPlaces(), stage.stage()));
    more("worst at %s: %s".formatted(place(worst.place(), stage.stage()), numbers));
    if (Double.isNaN(worst.expected())) {
      more("what it is computed from holds a number that is none: NaN, or an infinite one");
    }
    stage.fit().ifPresent(this::more);
    more(
        "%d of %d numbers %s"
            .formatted(
                stage.tally().wrong(),
                stage.tally().elements(),
                stage.tally().wrong() == 1 ? "is beyond its bound" : "are beyond their bounds"));
    unbounded(stage);
    stage.explanations().forEach(each -> explain(each, stage.stage()));
    boolean named = stage.explanations().stream().allMatch(Explanation::isWhole);
    boolean ofTokens = stage.stage() == Stage.PARTIAL || stage.stage() == Stage.WHOLE;
    // Where tokens at an end are missing, a fault of runs may fit as well as the one that is named.
    if (ofTokens && (!named || stage.fit().isPresent()) && placementIsOpen()) {
      more("faults of runs were not tried: give --run-length");
    }
  }

  private boolean placementIsOpen() {
    return dumped.unknown().getOrDefault(Stage.OWNERSHIP, "").contains("give --run-length");
  }

  private void explain(Explanation explanation, Stage stage) {
    String where = where(explanation.scope(), stage);
    if (explanation.best().isEmpty()) {
      more("no known fault explains a quarter of what is wrong of " + where);
      return;
    }
    List<String> names = explanation.best().stream().map(Explanation.Fit::fault).toList();
    Explanation.Fit first = explanation.best().get(0);
    boolean whole = explanation.isWhole();
    boolean one = explanation.best().stream().allMatch(fit -> fit.speaking() == 1);
    if (names.size() <= MOST_IN_A_LINE) {
      more(
          "%s %s"
              .formatted(
                  whole ? one ? "the fault may be" : "the fault is" : "the nearest known fault is",
                  names.stream()
                      .map(name -> '"' + name + '"')
                      .collect(Collectors.joining(", and as well "))));
    } else {
      more(
          "%s %d that explain the same numbers:"
              .formatted(
                  whole
                      ? one ? "the fault may be one of" : "the fault is one of"
                      : "the nearest known faults are",
                  names.size()));
      FaultList.lines(names).forEach(this::more);
    }
    more(
        first.elements() == explanation.elements()
            ? "it explains %d of %d numbers of %s, of which %d are right without it"
                .formatted(first.explained(), first.elements(), where, explanation.right())
            : "it explains %d of the %d numbers of %s that count with it; without it, %d of %d are right"
                .formatted(
                    first.explained(),
                    first.elements(),
                    where,
                    explanation.right(),
                    explanation.elements()));
    if (one) {
      more("a single wrong number tells it from no fault, which may be chance");
    }
    explanation
        .runnerUp()
        .ifPresent(
            fit ->
                more(
                    "next to it: \"%s\", %d of %d"
                        .formatted(fit.fault(), fit.explained(), fit.elements())));
  }

  private String where(Scope scope, Stage stage) {
    StringBuilder words = new StringBuilder(ranks(scope.ranks()));
    if (!scope.tokens().isEmpty()) {
      Set<Integer> requests = new TreeSet<>();
      scope.tokens().forEach(token -> requests.add(request(token, stage)));
      int all = step.facts().owners().requests();
      words.append(", ").append(Ranges.of("request", requests, all));
      long theirs =
          step.facts().tokens().stream().filter(one -> requests.contains(one.request())).count();
      if (stage != Stage.OWNERSHIP && scope.tokens().size() < theirs) {
        words.append(", ").append(Ranges.of("query token", scope.tokens(), -1));
      }
    }
    if (!scope.heads().isEmpty()) {
      words.append(", ").append(Ranges.of("head", scope.heads(), -1));
    }
    return words.toString();
  }

  private String extent(Set<Place> places, Stage stage) {
    Set<Integer> ranks = new TreeSet<>();
    Set<Integer> requests = new TreeSet<>();
    Set<Integer> tokens = new TreeSet<>();
    Set<Integer> heads = new TreeSet<>();
    for (Place place : places) {
      ranks.add(place.rank());
      tokens.add(place.token());
      requests.add(request(place.token(), stage));
      if (place.head() != Place.NO_HEAD) {
        heads.add(place.head());
      }
    }
    int all = step.facts().owners().requests();
    StringBuilder words = new StringBuilder(ranks(ranks));
    words.append(", ").append(Ranges.of("request", requests, all));
    boolean several = step.facts().tokens().size() > all;
    if (several && stage != Stage.OWNERSHIP && tokens.size() < step.facts().tokens().size()) {
      words.append(", ").append(Ranges.of("query token", tokens, -1));
    }
    if (!heads.isEmpty()) {
      words.append(", ").append(Ranges.of("head", heads, step.facts().shape().heads()));
    }
    return words.toString();
  }

  /** The request of a place's token. */
  private int request(int token, Stage stage) {
    return stage == Stage.OWNERSHIP ? token : step.facts().tokens().get(token).request();
  }

  private String place(Place place, Stage stage) {
    String head = place.head() == Place.NO_HEAD ? "" : ", head " + place.head();
    boolean several = step.facts().tokens().size() > step.facts().owners().requests();
    String token = several && stage != Stage.OWNERSHIP ? ", query token " + place.token() : "";
    return "rank %d, request %d%s%s"
        .formatted(place.rank() + dumped.firstRank(), request(place.token(), stage), token, head);
  }

  private String ranks(Set<Integer> ranks) {
    List<Integer> shifted = ranks.stream().map(rank -> rank + dumped.firstRank()).toList();
    return Ranges.of("rank", shifted, -1);
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
  }

  /** A number with as many digits as its bound makes meaningful. */
  private static String number(double x, double bound) {
    if (!Double.isFinite(x) || !(bound > 0) || !Double.isFinite(bound)) {
      return Double.toString(x);
    }
    int digits = (int) Math.max(0, Math.min(17, 1 - Math.floor(Math.log10(bound))));
    return String.format(Locale.ROOT, "%." + digits + "f", x);
  }

  private static String significant(double x, int digits) {
    return x == 0 ? "0" : String.format(Locale.ROOT, "%." + digits + "g", x);
  }
}

package dev.helix.runtime.sharded.verdict;

import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.stages.ExchangeJudge;
import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.MergeJudge;
import dev.helix.runtime.sharded.stages.OwnershipJudge;
import dev.helix.runtime.sharded.stages.PartialJudge;
import dev.helix.runtime.sharded.stages.ProjectionJudge;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.WholeJudge;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What was found about a step, stage by stage.
 *
 * @param step the step
 * @param stages one verdict for each stage that was asked for, in order
 */
public record StepVerdict(ShardedStep step, List<StageVerdict> stages) {
  public StepVerdict {
    stages = List.copyOf(stages);
  }

  /** Judges a step by references in double precision, as the other method does. */
  public static StepVerdict of(
      ShardedStep step, Set<Stage> wanted, Map<Stage, String> unknown, LongConsumer progress) {
    return of(step, wanted, unknown, Digits.DOUBLE, progress);
  }

  /**
   * Judges a step.
   *
   * @param wanted the stages to judge
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   * @param digits of the references
   * @param progress is told how many tokens of caches were read
   */
  public static StepVerdict of(
      ShardedStep step,
      Set<Stage> wanted,
      Map<Stage, String> unknown,
      Digits digits,
      LongConsumer progress) {
    return of(new RightStates(step, digits, progress), wanted, unknown);
  }

  /**
   * Judges a step by given references.
   *
   * @param wanted the stages to judge
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   */
  public static StepVerdict of(RightStates right, Set<Stage> wanted, Map<Stage, String> unknown) {
    return of(right, wanted, unknown, stage -> {});
  }

  /**
   * Judges a step by given references, and tells of the search for faults, which may take longer
   * than the judging.
   *
   * @param wanted the stages to judge
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   * @param searching is told of a stage before the fault is searched that explains it
   */
  public static StepVerdict of(
      RightStates right, Set<Stage> wanted, Map<Stage, String> unknown, Consumer<Stage> searching) {
    ShardedStep step = right.step();
    Digits digits = right.digits();
    PartialJudge partial = new PartialJudge(step, right);
    List<Judge> judges =
        List.of(
            new OwnershipJudge(step),
            partial,
            new ExchangeJudge(step),
            new MergeJudge(step, digits),
            new WholeJudge(step, right, digits),
            new ProjectionJudge(step));
    List<StageVerdict> verdicts = new ArrayList<>();
    for (Judge judge : judges) {
      if (wanted.contains(judge.stage())) {
        verdicts.add(
            judge.lacking().isEmpty() && unknown.containsKey(judge.stage())
                ? StageVerdict.unchecked(judge.stage(), unknown.get(judge.stage()))
                : verdict(step, judge, partial, new Search(verdicts, searching)));
      }
    }
    return new StepVerdict(step, verdicts);
  }

  /**
   * What a search for faults needs beside a stage's judge.
   *
   * @param before the verdicts on the stages before
   * @param told is told of the stage
   */
  private record Search(List<StageVerdict> before, Consumer<Stage> told) {}

  private static StageVerdict verdict(
      ShardedStep step, Judge judge, PartialJudge partial, Search search) {
    if (judge.lacking().isPresent()) {
      return StageVerdict.unchecked(judge.stage(), judge.lacking().get());
    }
    Set<Integer> ranks =
        IntStream.range(0, step.ranks().size()).boxed().collect(Collectors.toSet());
    Tally tally = judge.compare(new Scope(ranks, Set.of()));
    if (tally.elements() == 0 && tally.unbounded() > 0) {
      return StageVerdict.unbounded(judge.stage(), tally);
    }
    if (tally.wrong() == 0) {
      return new StageVerdict(
          judge.stage(), Optional.empty(), tally, List.of(), false, Optional.empty());
    }
    boolean mayFollow =
        judge.stage() == Stage.WHOLE
            || (judge.stage() == Stage.MERGE && tally.unexpected() == tally.wrong());
    if (mayFollow && follows(step, tally, search.before())) {
      return StageVerdict.following(judge.stage(), tally);
    }
    search.told().accept(judge.stage());
    Optional<String> fit =
        judge.stage() == Stage.PARTIAL
            ? tally.worst().map(Element::place).flatMap(place -> fit(step, partial, place))
            : Optional.empty();
    return new StageVerdict(
        judge.stage(), Optional.empty(), tally, new Explaining(judge).of(tally), false, fit);
  }

  /** Whether other stages are wrong for every token and head for which this one is. */
  private static boolean follows(ShardedStep step, Tally whole, List<StageVerdict> before) {
    Set<List<Integer>> explained = new HashSet<>();
    Set<Integer> requests = new HashSet<>();
    for (StageVerdict stage : before) {
      for (Place place : stage.tally().wrongPlaces()) {
        if (stage.stage() == Stage.OWNERSHIP) {
          requests.add(place.token());
        } else {
          explained.add(List.of(place.token(), place.head()));
        }
      }
    }
    return whole.wrongPlaces().stream()
        .allMatch(
            place ->
                explained.contains(List.of(place.token(), place.head()))
                    || requests.contains(step.facts().tokens().get(place.token()).request()));
  }

  private static Optional<String> fit(ShardedStep step, PartialJudge partial, Place place) {
    return new TokenFit(step, partial.reading()).of(place);
  }

  /**
   * The verdict on a stage.
   *
   * @throws IllegalArgumentException if the stage was not asked for
   */
  public StageVerdict stage(Stage stage) {
    return stages.stream()
        .filter(verdict -> verdict.stage() == stage)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(stage + " was not asked for"));
  }

  /** Whether a stage is wrong. */
  public boolean isWrong() {
    return stages.stream().anyMatch(StageVerdict::isWrong);
  }

  /** Whether any stage was checked. */
  public boolean isChecked() {
    return stages.stream().anyMatch(StageVerdict::isChecked);
  }
}

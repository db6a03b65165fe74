package dev.helix.runtime.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.UnseenLoss;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * Verdicts on the steps of a dump, as {@code helix verify --json} writes them. Component names are
 * the names of the JSON fields.
 *
 * @param passed whether every number that was checked is within its bound, and no stage undecided
 * @param steps the steps in order
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record VerifyReport(boolean passed, List<Step> steps) {
  /**
   * One decode step of one layer and one KVP group.
   *
   * @param remarks what was taken for granted or found out
   * @param suspected stages that would be wrong if kernels added up in splits, with the faults that
   *     then explain them, for a step that is right
   * @param hints with which other facts wrong stages would be right
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Step(
      int step,
      int layer,
      int firstRank,
      int kvp,
      List<String> remarks,
      List<StageReport> stages,
      Optional<List<String>> suspected,
      Optional<List<String>> hints) {
    private static Step of(Judged one) {
      return new Step(
          one.dumped().moment().step(),
          one.dumped().moment().layer(),
          one.dumped().firstRank(),
          one.dumped().step().facts().shape().kvp(),
          one.dumped().remarks(),
          one.verdict().stages().stream().map(stage -> StageReport.of(one, stage)).toList(),
          one.suspected().map(verdict -> verdict.stages().stream().map(Step::suspicion).toList()),
          Optional.of(one.hints()).filter(hints -> !hints.isEmpty()));
    }

    private static String suspicion(StageVerdict stage) {
      List<String> faults =
          stage.explanations().stream()
              .flatMap(explanation -> explanation.best().stream())
              .map(Explanation.Fit::fault)
              .toList();
      return faults.isEmpty()
          ? stage.stage().option()
          : stage.stage().option() + ": " + String.join(", ", faults);
    }
  }

  /**
   * What was found about one stage.
   *
   * @param verdict {@code right}, {@code wrong}, {@code unchecked} or {@code undecided}, which is a
   *     stage that was not checked because its numbers are beyond their bounds as far as facts are
   *     known, and too few to tell the facts that are not
   * @param lacking what it lacks, if it was not checked or decided
   * @param elements number of numbers compared
   * @param wrong number of them that are beyond their bounds
   * @param unbounded number of others, which are not compared because rounding may put them
   *     anywhere
   * @param hiddenOutputs number of outputs in whose place zeros would hold, one for each head of a
   *     query token
   * @param worst the number that takes the greatest share of its bound
   * @param unseen how many tokens could be missing unseen, for a partial attention that is right
   * @param extent where wrong numbers are
   * @param fit the tokens to which the worst row fits
   * @param explanations known faults that explain them; none if the stage is wrong only where
   *     others are
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record StageReport(
      String stage,
      String verdict,
      Optional<String> lacking,
      long elements,
      long wrong,
      long unbounded,
      long hiddenOutputs,
      Optional<Worst> worst,
      Optional<Unseen> unseen,
      Optional<Extent> extent,
      Optional<String> fit,
      Optional<List<Explained>> explanations) {
    private static StageReport of(Judged one, StageVerdict stage) {
      boolean wrong = stage.isWrong();
      return new StageReport(
          stage.stage().option(),
          wrong ? "wrong" : stage.isChecked() ? "right" : unchecked(one, stage.stage()),
          stage.lacking(),
          stage.tally().elements(),
          stage.tally().wrong(),
          stage.tally().unbounded(),
          stage.tally().hiddenRows(),
          stage.tally().worst().map(element -> Worst.of(one, stage.stage(), element)),
          stage.stage() == Stage.PARTIAL && stage.isChecked() && !wrong
              ? UnseenLoss.of(one.dumped().right()).map(loss -> Unseen.of(one, loss))
              : Optional.empty(),
          wrong ? Optional.of(Extent.of(one, stage)) : Optional.empty(),
          stage.fit(),
          wrong
              ? Optional.of(
                  stage.explanations().stream()
                      .map(explanation -> Explained.of(one, stage.stage(), explanation))
                      .toList())
              : Optional.empty());
    }

    private static String unchecked(Judged one, Stage stage) {
      return one.isUndecided(stage) ? "undecided" : "unchecked";
    }
  }

  /**
   * A dumped number beside what was expected. A value that is not finite is left out, because JSON
   * has no such numbers.
   *
   * @param share |got − expected| / bound
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Worst(
      int rank,
      int request,
      Optional<Integer> token,
      Optional<Integer> head,
      String quantity,
      Optional<Double> got,
      Optional<Double> expected,
      Optional<Double> bound,
      Optional<Double> share) {
    private static Worst of(Judged one, Stage stage, Element element) {
      Place place = element.place();
      return new Worst(
          place.rank() + one.dumped().firstRank(),
          requestOf(one, stage, place),
          stage == Stage.OWNERSHIP ? Optional.empty() : Optional.of(place.token()),
          place.head() == Place.NO_HEAD ? Optional.empty() : Optional.of(place.head()),
          element.quantity(),
          finite(element.got()),
          finite(element.expected()),
          finite(element.bound()),
          finite(element.share()));
    }
  }

  /**
   * What could be missing unseen.
   *
   * @param rank the rank that could leave out the most
   * @param tokens how many tokens of mean weight it could leave out
   * @param of how many tokens it has
   */
  public record Unseen(int rank, long tokens, long of) {
    private static Unseen of(Judged one, UnseenLoss loss) {
      return new Unseen(loss.rank() + one.dumped().firstRank(), loss.tokens(), loss.of());
    }
  }

  private static Optional<Double> finite(double number) {
    return Optional.of(number).filter(Double::isFinite);
  }

  /** Where wrong numbers are. */
  public record Extent(List<Integer> ranks, List<Integer> requests, List<Integer> heads) {
    private static Extent of(Judged one, StageVerdict stage) {
      return new Extent(
          distinct(stage, place -> place.rank() + one.dumped().firstRank()),
          distinct(stage, place -> requestOf(one, stage.stage(), place)),
          distinct(stage, Place::head).stream().filter(head -> head != Place.NO_HEAD).toList());
    }

    private static List<Integer> distinct(StageVerdict stage, ToIntFunction<Place> part) {
      TreeSet<Integer> sorted = new TreeSet<>();
      stage.tally().wrongPlaces().forEach(place -> sorted.add(part.applyAsInt(place)));
      return List.copyOf(sorted);
    }
  }

  /**
   * Known faults that explain the numbers of some ranks.
   *
   * @param within the part of these ranks' numbers that is explained, if it is not all of them
   * @param faults those that explain the most, equally many
   * @param explained how many numbers they explain
   * @param elements how many there are
   * @param right how many are right as they are
   * @param speaking how many wrong numbers they move by more than the bounds, which tells them from
   *     no fault; of the fault with the most of them, and counted up to about a thousand
   * @param runnerUp the fault that explains the most after these
   * @param runnerUpExplained how many it explains
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Explained(
      List<Integer> ranks,
      Optional<Within> within,
      List<String> faults,
      long explained,
      long elements,
      long right,
      long speaking,
      Optional<String> runnerUp,
      Optional<Long> runnerUpExplained) {
    private static Explained of(Judged one, Stage stage, Explanation explanation) {
      return new Explained(
          explanation.ranks().stream().map(rank -> rank + one.dumped().firstRank()).toList(),
          explanation.scope().isWhole()
              ? Optional.empty()
              : Optional.of(Within.of(one, stage, explanation.scope())),
          explanation.best().stream().map(Explanation.Fit::fault).toList(),
          explanation.best().stream().mapToLong(Explanation.Fit::explained).findFirst().orElse(0),
          explanation.elements(),
          explanation.right(),
          explanation.best().stream().mapToLong(Explanation.Fit::speaking).max().orElse(0),
          explanation.runnerUp().map(Explanation.Fit::fault),
          explanation.runnerUp().map(Explanation.Fit::explained));
    }
  }

  /**
   * The numbers of some query tokens and heads.
   *
   * @param requests of the tokens; empty for all
   * @param queryTokens their places in the batch; empty for all
   * @param heads counted over the whole group; empty for all
   */
  public record Within(List<Integer> requests, List<Integer> queryTokens, List<Integer> heads) {
    private static Within of(Judged one, Stage stage, Scope scope) {
      List<Integer> tokens = scope.tokens().stream().sorted().toList();
      return new Within(
          tokens.stream()
              .map(token -> requestOf(one, stage, new Place(0, token, Place.NO_HEAD)))
              .distinct()
              .toList(),
          stage == Stage.OWNERSHIP ? List.of() : tokens,
          scope.heads().stream().sorted().toList());
    }
  }

  /** The report on judged steps. */
  static VerifyReport of(List<Judged> judged) {
    boolean passed =
        judged.stream().noneMatch(one -> one.verdict().isWrong() || one.isUndecided())
            && judged.stream().anyMatch(one -> one.verdict().isChecked());
    return new VerifyReport(passed, judged.stream().map(Step::of).toList());
  }

  private static int requestOf(Judged one, Stage stage, Place place) {
    List<QueryToken> tokens = one.dumped().step().facts().tokens();
    return stage == Stage.OWNERSHIP ? place.token() : tokens.get(place.token()).request();
  }
}

package dev.helix.laws.foreign;

import dev.helix.laws.Cause;
import dev.helix.laws.Causes;
import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.SeamTrials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * A program in any language that takes the place of one seam. It reads questions from a file and
 * writes its answers to another; both are safetensors. The {@link ForeignSeam} says what they hold.
 *
 * @param <C> a case: the input of a law
 * @param <Q> a question to the program
 * @param <A> an answer
 */
public final class ForeignProgram<C, Q, A> {
  private final ProgramRun run;
  private final ForeignSeam<C, Q, A> seam;
  private final SeamTrials<C> laws;

  /** Prepares the run of a program; it is not started yet. */
  public ForeignProgram(ProgramRun run, ForeignSeam<C, Q, A> seam) {
    this.run = run;
    this.seam = seam;
    this.laws =
        seam.laws(
            question -> {
              throw new IllegalStateException("asked, but here to draw cases");
            });
  }

  /** The laws of its seam, which draw cases; the program is not called by them. */
  public SeamTrials<C> laws() {
    return laws;
  }

  /** Number of trials of laws on the cases of a seed. */
  public long trials(List<Law> tried, long seed, int count) {
    List<C> cases = laws.cases(seed, count);
    return tried.stream()
        .filter(laws::applies)
        .mapToLong(law -> cases.stream().filter(given -> laws.applies(law, given)).count())
        .sum();
  }

  /** Tries one law on one case, which is not simplified. */
  public LawFindings once(Law law, C given) {
    ProgramRun plain = new ProgramRun(run.command(), run.way(), run.timeoutSeconds(), 0);
    return new ForeignProgram<>(plain, seam).run(List.of(law), List.of(given), settled -> {});
  }

  /**
   * Holds the program against laws, on the cases of a seed.
   *
   * @see #run(List, List, IntConsumer)
   */
  public LawFindings run(List<Law> tried, long seed, int count, IntConsumer settled) {
    return run(tried, laws.cases(seed, count), settled);
  }

  /**
   * Holds the program against laws.
   *
   * @param settled called with the number of trials that have ended, each time some have
   * @return one outcome for each law, with its first violation on the simplest case that was found,
   *     and the causes that broke the laws
   * @throws ProgramFailure with a message of one line, if the program crashed, was too slow, or
   *     left no file that can be read
   */
  public LawFindings run(List<Law> tried, List<C> cases, IntConsumer settled) {
    List<Replay<C, Q, A>> replays =
        tried.stream()
            .filter(laws::applies)
            .flatMap(
                law ->
                    cases.stream()
                        .filter(given -> laws.applies(law, given))
                        .map(given -> new Replay<>(seam, law, given)))
            .toList();
    try (Rounds<C, Q, A> rounds = new Rounds<>(run.begin(), seam)) {
      List<Replay<C, Q, A>> open = replays;
      while (!open.isEmpty()) {
        int before = open.size();
        open = rounds.advance(open);
        settled.accept(before - open.size());
      }
      Map<Law, LawOutcome> outcomes = new EnumMap<>(Law.class);
      replays.forEach(
          replay -> outcomes.merge(replay.law(), replay.outcome().orElseThrow(), LawOutcome::and));
      for (Descent<C, Q, A> descent : simplify(rounds, replays, cases)) {
        outcomes.computeIfPresent(
            descent.law(), (law, outcome) -> outcome.violatedAs(descent.violation()));
      }
      List<LawOutcome> all =
          tried.stream()
              .map(
                  law ->
                      Optional.ofNullable(outcomes.get(law))
                          .map(LawOutcome::concluded)
                          .orElse(LawOutcome.notChecked(law)))
              .toList();
      return new LawFindings(all, causes(all, replays));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Cause> causes(List<LawOutcome> outcomes, List<Replay<C, Q, A>> replays) {
    Map<Law, List<Inquiry>> asked = new EnumMap<>(Law.class);
    outcomes.stream().filter(o -> !o.holds()).forEach(o -> asked.put(o.law(), new ArrayList<>()));
    Map<Law, Integer> cases = new EnumMap<>(Law.class);
    Set<Law> judged = EnumSet.noneOf(Law.class);
    for (Replay<C, Q, A> replay : replays) {
      boolean broken = !replay.outcome().orElseThrow().holds();
      boolean isLong = laws.isLong(replay.given());
      int number = cases.merge(replay.law(), 1, Integer::sum);
      boolean wanted =
          isLong
              ? broken && !judged.contains(replay.law())
              : broken || number <= LawSuite.MOST_JUDGED;
      if (asked.containsKey(replay.law()) && wanted) {
        asked.get(replay.law()).addAll(replay.inquiries());
      }
      if (broken) {
        judged.add(replay.law());
      }
    }
    return Causes.of(asked);
  }

  /** Simpler cases for the first violation of each law, as far as the rounds suffice. */
  private List<Descent<C, Q, A>> simplify(
      Rounds<C, Q, A> rounds, List<Replay<C, Q, A>> replays, List<C> cases) throws IOException {
    Map<Law, Descent<C, Q, A>> descents = new EnumMap<>(Law.class);
    for (Replay<C, Q, A> replay : replays) {
      if (!replay.outcome().orElseThrow().holds() && !descents.containsKey(replay.law())) {
        int number = cases.indexOf(replay.given());
        descents.put(
            replay.law(),
            new Descent<>(
                replay,
                number,
                given ->
                    laws.simpler(given).stream()
                        .map(simpler -> new Replay<>(seam, replay.law(), simpler))
                        .toList()));
      }
    }
    List<Descent<C, Q, A>> all = new ArrayList<>(descents.values());
    int most = rounds.count() + run.roundsToSimplify();
    try {
      while (rounds.count() < most && !all.stream().allMatch(Descent::ended)) {
        List<Replay<C, Q, A>> open =
            all.stream().filter(d -> !d.ended()).flatMap(d -> d.open().stream()).toList();
        rounds.advance(open);
        all.forEach(Descent::step);
      }
    } catch (ProgramFailure e) {
      // It answered all that was asked of it; that it cannot answer simpler cases is not the
      // verdict.
      return all;
    }
    return all;
  }
}

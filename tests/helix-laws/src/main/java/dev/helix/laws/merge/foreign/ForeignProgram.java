package dev.helix.laws.merge.foreign;

import dev.helix.laws.Cause;
import dev.helix.laws.Causes;
import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.Stack;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A merge that is a program in any language. For each round of questions the program is started
 * once, with the name of a file of cases and the name of the file that it has to write its answers
 * to. Both are safetensors.
 *
 * <p>{@link CaseFiles} documents both files.
 */
public final class ForeignProgram {
  private final String command;
  private final Declaration declared;
  private final long timeoutSeconds;
  private final int startsToSimplify;
  private final CaseFiles files;

  /**
   * @param command the command for the shell, to which the two file names are appended
   * @param timeoutSeconds time limit of each start of the program
   * @param startsToSimplify largest number of starts in search of simpler cases; one start serves
   *     all broken laws
   */
  public ForeignProgram(
      String command, Declaration declared, long timeoutSeconds, int startsToSimplify) {
    this.command = command;
    this.declared = declared;
    this.timeoutSeconds = timeoutSeconds;
    this.startsToSimplify = startsToSimplify;
    this.files = new CaseFiles(declared);
  }

  /** The declaration of the merge. */
  public Declaration declaration() {
    return declared;
  }

  /** Thrown when the program crashed, was too slow, or left no file that can be read. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /**
   * Holds the program against laws.
   *
   * @param settled called with the number of trials that have ended, each time some have
   * @return one outcome for each law, with its first violation on the simplest case that was found,
   *     and the causes that broke the laws
   * @throws Failure with a message of one line, if the program crashed, was too slow, or left no
   *     file that can be read
   */
  public LawFindings run(List<Law> laws, List<MergeCase> cases, IntConsumer settled) {
    List<Replay> replays =
        laws.stream()
            .filter(declared::checks)
            .flatMap(
                law ->
                    cases.stream()
                        .filter(given -> declared.checks(law, given))
                        .map(given -> new Replay(law, given, declared)))
            .toList();
    try (ProgramProcess process = new ProgramProcess(command, timeoutSeconds)) {
      List<Replay> open = replays;
      while (!open.isEmpty()) {
        int before = open.size();
        open = advance(process, open);
        settled.accept(before - open.size());
      }
      Map<Law, LawOutcome> outcomes = new EnumMap<>(Law.class);
      replays.forEach(
          replay -> outcomes.merge(replay.law(), replay.outcome().orElseThrow(), LawOutcome::and));
      for (Descent descent : simplify(process, replays, cases)) {
        outcomes.computeIfPresent(
            descent.law(), (law, outcome) -> outcome.violatedAs(descent.violation()));
      }
      List<LawOutcome> all =
          laws.stream()
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

  private static List<Cause> causes(List<LawOutcome> outcomes, List<Replay> replays) {
    Map<Law, List<Inquiry>> asked = new EnumMap<>(Law.class);
    outcomes.stream().filter(o -> !o.holds()).forEach(o -> asked.put(o.law(), new ArrayList<>()));
    Map<Law, Integer> cases = new EnumMap<>(Law.class);
    Set<Law> judged = EnumSet.noneOf(Law.class);
    for (Replay replay : replays) {
      boolean broken = !replay.outcome().orElseThrow().holds();
      boolean isLong = replay.given().isLong();
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

  /**
   * Runs replays as far as they get, has their questions answered, and returns those still open.
   */
  private List<Replay> advance(ProgramProcess process, List<Replay> replays) throws IOException {
    replays.forEach(Replay::run);
    List<Replay> open = replays.stream().filter(replay -> replay.outcome().isEmpty()).toList();
    if (open.isEmpty()) {
      return open;
    }
    List<Stack> questions = open.stream().flatMap(r -> r.questions().stream()).toList();
    files.write(questions, process.questions());
    process.start();
    List<Supplier<Answer>> answers = answers(questions, process.answers());
    int at = 0;
    for (Replay replay : open) {
      int count = replay.questions().size();
      replay.answer(answers.subList(at, at + count));
      at += count;
    }
    return open;
  }

  private List<Supplier<Answer>> answers(List<Stack> questions, Path file) {
    try {
      return files.read(questions, file);
    } catch (InvalidInputException e) {
      throw new Failure("malformed: " + e.getMessage());
    }
  }

  /** Simpler cases for the first violation of each law, as far as the starts suffice. */
  private List<Descent> simplify(
      ProgramProcess process, List<Replay> replays, List<MergeCase> cases) throws IOException {
    Map<Law, Descent> descents = new EnumMap<>(Law.class);
    for (Replay replay : replays) {
      if (!replay.outcome().orElseThrow().holds() && !descents.containsKey(replay.law())) {
        descents.put(replay.law(), new Descent(replay, cases.indexOf(replay.given())));
      }
    }
    List<Descent> all = new ArrayList<>(descents.values());
    int most = process.starts() + startsToSimplify;
    try {
      while (process.starts() < most && !all.stream().allMatch(Descent::ended)) {
        List<Replay> open =
            all.stream().filter(d -> !d.ended()).flatMap(d -> d.open().stream()).toList();
        advance(process, open);
        all.forEach(Descent::step);
      }
    } catch (Failure e) {
      // It answered all that was asked of it; that it cannot answer simpler cases is not the
      // verdict.
      return all;
    }
    return all;
  }
}

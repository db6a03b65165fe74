package dev.helix.laws.foreign;

import dev.helix.laws.LawViolation;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Has the questions of replays answered, a file of them at a time. */
final class Rounds<C, Q, A> implements AutoCloseable {
  /** Numbers of a file of questions beyond which the next questions go to another: 64 MB. */
  private static final long MOST_NUMBERS = 1L << 23;

  private final AnsweringProcess process;
  private final ForeignSeam<C, Q, A> seam;

  Rounds(AnsweringProcess process, ForeignSeam<C, Q, A> seam) {
    this.process = process;
    this.seam = seam;
  }

  /** Number of files that were asked so far. */
  int count() {
    return process.rounds();
  }

  /**
   * Runs replays as far as they get, has their questions answered, and returns those still open.
   */
  List<Replay<C, Q, A>> advance(List<Replay<C, Q, A>> replays) throws IOException {
    List<Replay<C, Q, A>> open = new ArrayList<>();
    List<Replay<C, Q, A>> together = new ArrayList<>();
    long size = 0;
    for (Replay<C, Q, A> replay : replays) {
      replay.run();
      if (replay.outcome().isPresent()) {
        continue;
      }
      open.add(replay);
      together.add(replay);
      size += replay.questions().stream().mapToLong(seam::size).sum();
      if (size > MOST_NUMBERS) {
        ask(together);
        together.clear();
        size = 0;
      }
    }
    if (!together.isEmpty()) {
      ask(together);
    }
    return open;
  }

  /** Asks equal questions once. */
  private void ask(List<Replay<C, Q, A>> open) throws IOException {
    List<Q> questions =
        open.stream().flatMap(replay -> replay.questions().stream()).distinct().toList();
    SafetensorsWriter writer = new SafetensorsWriter();
    seam.add(questions, writer);
    writer.write(process.questions());
    process.ask();
    Map<Q, Supplier<A>> answers = new HashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(process.answers())) {
      for (int number = 0; number < questions.size(); number++) {
        answers.put(questions.get(number), answer(file, number, questions.get(number)));
      }
    } catch (InvalidInputException e) {
      throw new ProgramFailure("malformed: " + e.getMessage());
    }
    open.forEach(replay -> replay.answer(replay.questions().stream().map(answers::get).toList()));
  }

  private Supplier<A> answer(SafetensorsFile file, int number, Q question) {
    try {
      A answer = seam.read(file, number, question);
      return () -> answer;
    } catch (LawViolation e) {
      return () -> {
        throw e;
      };
    }
  }

  @Override
  public void close() {
    process.close();
  }
}

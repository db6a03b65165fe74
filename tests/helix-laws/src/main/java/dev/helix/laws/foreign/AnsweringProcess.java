package dev.helix.laws.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that answers files of questions, one after the other. */
abstract class AnsweringProcess implements AutoCloseable {
  private final ExchangeFolder folder;
  private int rounds;

  AnsweringProcess(ExchangeFolder folder) {
    this.folder = folder;
  }

  /** The file that the program reads. */
  final Path questions() {
    return folder.questions();
  }

  /** The file that the program writes. */
  final Path answers() {
    return folder.answers();
  }

  final ExchangeFolder folder() {
    return folder;
  }

  /** Number of files that were given to the program so far. */
  final int rounds() {
    return rounds;
  }

  /**
   * Has the questions answered that are in the file now.
   *
   * @throws ProgramFailure if the program crashed, was too slow or wrote nothing
   */
  final void ask() throws IOException {
    rounds++;
    Files.deleteIfExists(answers());
    answer();
    if (!Files.isRegularFile(answers())) {
      throw new ProgramFailure(
          "missing: the program ended well and wrote no file of answers, at start " + rounds);
    }
  }

  /** Waits until the program says that its answers are written. */
  abstract void answer() throws IOException;

  /** Ends the program, if it still runs, and deletes the files. */
  @Override
  public void close() {
    folder.close();
  }
}

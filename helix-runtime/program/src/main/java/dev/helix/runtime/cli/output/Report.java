package dev.helix.runtime.cli.output;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.report.JsonFile;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The report of one run of a command, with the console for everything else that the command prints.
 */
public final class Report {
  private final Console console;
  private final Optional<ReportFile> file;
  private final Optional<Consumer<Object>> writer;

  private Report(Console console, Optional<ReportFile> file, Optional<Consumer<Object>> writer) {
    this.console = console;
    this.file = file;
    this.writer = writer;
  }

  static Report nowhere(Console console) {
    return new Report(console, Optional.empty(), Optional.empty());
  }

  static Report in(ReportFile file, Console console) {
    return new Report(console, Optional.of(file), Optional.of(file::write));
  }

  static Report onStandardOutput(Console console) {
    return new Report(
        console.withoutResults(),
        Optional.empty(),
        Optional.of(report -> JsonFile.print(report, console.out())));
  }

  /** The console for everything else. It has no standard output if the report takes that. */
  public Console console() {
    return console;
  }

  /** Whether the report and another file would be written to the same place. */
  public boolean isIn(ReportFile other) {
    return file.filter(other::isSameAs).isPresent();
  }

  /**
   * Writes the report, if one was asked for.
   *
   * @throws dev.helix.tensor.InvalidInputException if the file cannot be written; an earlier file
   *     then remains
   */
  public void write(Supplier<?> report) {
    writer.ifPresent(to -> to.accept(report.get()));
  }
}

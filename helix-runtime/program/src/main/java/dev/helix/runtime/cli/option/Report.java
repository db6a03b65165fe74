package dev.helix.runtime.cli.option;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.report.JsonFile;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The report of one run of a command, and the console to which the run's words go beside it. */
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

  /** Where words go: to no standard output that the report has for itself. */
  public Console console() {
    return console;
  }

  /** Whether the report and the other file would be written to one place. */
  public boolean isIn(ReportFile other) {
    return file.filter(other::isSameAs).isPresent();
  }

  /**
   * Writes the report, if one is asked for.
   *
   * @throws dev.helix.tensor.InvalidInputException if the file cannot be written; then what was
   *     there remains
   */
  public void write(Supplier<?> report) {
    writer.ifPresent(to -> to.accept(report.get()));
  }
}

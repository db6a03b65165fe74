package dev.helix.runtime.cli;

import dev.helix.runtime.cli.calibration.CalibrationCommand;
import dev.helix.runtime.cli.console.ClosedPipe;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.decode.DecodeCommand;
import dev.helix.runtime.cli.golden.GoldenCommand;
import dev.helix.runtime.cli.laws.LawsCommand;
import dev.helix.runtime.cli.laws.MuseumCommand;
import dev.helix.runtime.cli.layouts.LayoutsCommand;
import dev.helix.runtime.cli.lesson.LessonCommand;
import dev.helix.runtime.cli.option.number.RealNumber;
import dev.helix.runtime.cli.option.number.WholeNumber;
import dev.helix.runtime.cli.sweep.AdviseCommand;
import dev.helix.runtime.cli.sweep.PaperCommand;
import dev.helix.runtime.cli.sweep.SweepCommand;
import dev.helix.runtime.cli.time.TimeCommand;
import dev.helix.runtime.cli.verify.ExplainCommand;
import dev.helix.runtime.cli.verify.VerifyCommand;
import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine;

/** The program {@code helix}. */
public final class Main {
  private Main() {}

  /** Runs a command. If it does not succeed, the JVM ends with its exit status. */
  public static void main(String[] arguments) {
    // With this, digits and points in messages are the same everywhere.
    Locale.setDefault(Locale.ROOT);
    int status = run(Console.standard(), arguments);
    if (status != ExitStatus.DONE) {
      System.exit(status);
    }
  }

  /**
   * Runs a command.
   *
   * @return the exit status, as {@link ExitStatus} lists them
   */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    return run(new Console(out, err), arguments);
  }

  /** Makes the commands, with their options and help texts, which print to the two streams. */
  public static CommandLine commands(PrintStream out, PrintStream err) {
    return commands(new Console(out, err));
  }

  private static int run(Console console, String... arguments) {
    CommandLine line = commands(console);
    try {
      int status = line.execute(arguments);
      if (console.out().checkError()) {
        console.complain("standard output: not everything could be written");
        return status == ExitStatus.DONE ? ExitStatus.FAILED : status;
      }
      console.err().flush();
      return status;
    } catch (ClosedPipe e) {
      return ExitStatus.PIPE_CLOSED;
    } catch (OutOfMemoryError e) {
      return new Failures(console).explain(e, line);
    }
  }

  private static CommandLine commands(Console console) {
    CommandLine line = new CommandLine(new HelixCommand());
    line.addSubcommand(new DecodeCommand(console));
    line.addSubcommand(new LayoutsCommand(console));
    line.addSubcommand(new TimeCommand(console));
    line.addSubcommand(new CalibrationCommand(console));
    line.addSubcommand(new SweepCommand(console));
    line.addSubcommand(new PaperCommand(console));
    line.addSubcommand(new AdviseCommand(console));
    line.addSubcommand(new VerifyCommand(console));
    line.addSubcommand(new ExplainCommand(console));
    line.addSubcommand(new LawsCommand(console));
    line.addSubcommand(new MuseumCommand(console));
    line.addSubcommand(new GoldenCommand(console));
    line.addSubcommand(new LessonCommand(console));
    line.setOut(console.outWriter());
    line.setErr(console.errWriter());
    line.registerConverter(Integer.class, WholeNumber.ofInt());
    line.registerConverter(int.class, WholeNumber.ofInt());
    line.registerConverter(long.class, WholeNumber.ofLong());
    line.registerConverter(Double.class, new RealNumber());
    line.registerConverter(double.class, new RealNumber());
    Failures failures = new Failures(console);
    line.setParameterExceptionHandler((e, given) -> failures.badArguments(e));
    line.setExecutionExceptionHandler((e, command, parsed) -> failures.explain(e, command));
    return line;
  }
}

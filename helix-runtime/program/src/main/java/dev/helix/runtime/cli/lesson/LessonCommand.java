package dev.helix.runtime.cli.lesson;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.cli.output.ReportFile;
import dev.helix.runtime.lesson.LessonPage;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code helix lesson}, which writes one page for a browser. */
@Command(
    name = "lesson",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a lesson of ten steps as one page for a browser, in which the embedded model runs:"
          + " why a split KV cache leaves attention exact.",
      "The page needs no network and no server. The exit status is 0 if it is written, 2 if"
          + " something that was given is wrong, and 3 if the command failed."
    })
public final class LessonCommand implements Callable<Integer> {
  private static final String OUT = "--out";
  private static final String NAME = "helix-lesson.html";

  private final Console console;

  @Option(
      names = OUT,
      paramLabel = "DIR",
      defaultValue = ".",
      description =
          "Write helix-lesson.html to this folder, which is made if its parent exists (default: the"
              + " current one).")
  private String out;

  @Option(
      names = "--open",
      description = "Open the page in the browser of this desktop, if there is one.")
  private boolean open;

  /** Creates the command, which prints to the console. */
  public LessonCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path folder = Paths.given(OUT, out);
    boolean made = makeFolder(folder);
    Path file = folder.resolve(NAME);
    try {
      ReportFile target = ReportFile.given(OUT, file.toString());
      String page = LessonPage.html();
      target.writeText(page);
      console
          .out()
          .printf(
              Locale.ROOT,
              "%s: the lesson in ten steps, %.1f MB; open it in a browser%n",
              file,
              page.length() / 1e6);
    } catch (RuntimeException e) {
      if (made && !folder.toFile().delete()) {
        console.complain(folder + ": could not be removed");
      }
      throw e;
    }
    if (open) {
      show(file);
    }
    return ExitStatus.DONE;
  }

  private static boolean makeFolder(Path folder) {
    if (Files.isDirectory(folder)) {
      return false;
    }
    if (Files.exists(folder)) {
      throw new InvalidInputException(OUT + ": expected a folder, found a file: " + folder);
    }
    try {
      Files.createDirectory(folder);
      return true;
    } catch (IOException e) {
      throw new InvalidInputException(OUT + ": the folder cannot be made: " + folder, e);
    }
  }

  private void show(Path file) {
    String address = file.toAbsolutePath().toUri().toString();
    Optional<List<String>> command = DesktopBrowser.own().command(address);
    if (command.isEmpty()) {
      console.complain("--open: there is no desktop here; open the file yourself");
      return;
    }
    try {
      new ProcessBuilder(command.get()).start();
    } catch (IOException e) {
      console.complain("--open: no browser could be started; open the file yourself");
    }
  }
}

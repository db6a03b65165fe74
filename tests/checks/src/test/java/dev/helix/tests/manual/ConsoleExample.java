package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A block of {@code console}: commands behind {@code $}, and what each of them prints. It knows the
 * program, the program's output in a pipe to {@code jq}, and {@code echo $?}.
 */
final class ConsoleExample {
  private static final String PROMPT = "$ ";
  private static final String STATUS = "echo $?";
  private static final String PIPE = " | jq ";
  private static final String KEEP = "--keep";

  private final Block block;
  private final Path folder;

  /** The page's files, and the directories that its commands write, by the names on the page. */
  private final Map<String, Path> files = new HashMap<>();

  /**
   * @param folder for the files that are shown on the page and that its commands name
   */
  ConsoleExample(Block block, Path folder) {
    this.block = block;
    this.folder = folder;
  }

  void run() throws IOException, InterruptedException {
    List<String> lines = block.lines();
    assertTrue(lines.get(0).startsWith(PROMPT), block + ": expected a command first");
    writeFiles();
    int status = 0;
    for (int at = 0; at < lines.size(); ) {
      String command = lines.get(at).substring(PROMPT.length());
      int next = at + 1;
      while (next < lines.size() && !lines.get(next).startsWith(PROMPT)) {
        next++;
      }
      ShownOutput shown = new ShownOutput(lines.subList(at + 1, next));
      String place = "%s:%d".formatted(block.page(), block.line() + 1 + at);
      if (command.equals(STATUS)) {
        shown.assertPrintedAs(status + "\n", place);
        status = 0;
      } else {
        assertEquals(0, status, place + ": the command before this one failed");
        status = run(command, shown, place);
      }
      at = next;
    }
    assertEquals(0, status, block + ": the last command failed");
  }

  private int run(String command, ShownOutput shown, String place)
      throws IOException, InterruptedException {
    int pipe = command.indexOf(PIPE);
    String first = pipe < 0 ? command : command.substring(0, pipe);
    List<String> words =
        CommandLineWords.ofProgram(first)
            .orElseThrow(() -> new IllegalArgumentException(place + ": cannot run " + command));
    if (words.contains(KEEP)) {
      String kept = words.get(words.indexOf(KEEP) + 1);
      files.put(kept, folder.resolve(kept));
    }
    HelixProgram program =
        HelixProgram.run(words.stream().map(this::withFiles).toArray(String[]::new));
    if (pipe < 0) {
      shown.assertPrintedAs(program.out() + program.err(), place);
      return program.status();
    }
    assertEquals("", program.err(), place);
    assertEquals(0, program.status(), place);
    shown.assertPrintedAs(jq(command.substring(pipe + PIPE.length()), program.out()), place);
    return 0;
  }

  private String jq(String arguments, String json) throws IOException, InterruptedException {
    Assumptions.assumeTrue(ends(List.of("jq", "--version")), "no jq here");
    Path input = Files.writeString(folder.resolve("input.json"), json);
    List<String> command = new ArrayList<>(List.of("jq"));
    command.addAll(CommandLineWords.split(arguments));
    Process jq =
        new ProcessBuilder(command).redirectInput(input.toFile()).redirectErrorStream(true).start();
    String said = new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jq.waitFor(), said);
    return said;
  }

  /** The page's own files, where a command finds them. */
  private void writeFiles() throws IOException, InterruptedException {
    for (Block other : block.page().blocks()) {
      if (other.name().isPresent()) {
        String name = other.name().get();
        files.put(name, Files.writeString(folder.resolve(name), other.content()));
      }
    }
    if (files.keySet().stream().anyMatch(name -> name.endsWith(".py"))) {
      Assumptions.assumeTrue(ends(List.of("python3", "-c", "import numpy")), "no NumPy here");
    }
  }

  /** An argument with the page's files, and those of the repository's root, where they are. */
  private String withFiles(String argument) {
    String replaced = argument;
    for (Map.Entry<String, Path> file : files.entrySet()) {
      replaced = replaced.replace(file.getKey(), file.getValue().toString());
    }
    Path ofRepository = Page.ROOT.resolve(replaced);
    return replaced.contains("/") && Files.exists(ofRepository)
        ? ofRepository.toString()
        : replaced;
  }

  private static boolean ends(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

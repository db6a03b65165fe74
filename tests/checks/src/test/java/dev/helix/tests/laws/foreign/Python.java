package dev.helix.tests.laws.foreign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The Python of this machine, for tests that are left out where there is none. */
public final class Python {
  private final Map<String, String> environment;

  private Python(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What a script printed, standard error included, and its exit status. */
  public record Said(String words, int status) {}

  /** Python with NumPy; the test that asks is skipped where it is not installed. */
  public static Python withNumPy() throws IOException, InterruptedException {
    Python python = new Python(Map.of());
    boolean there;
    try {
      there = python.run(List.of("-c", "import numpy")).status() == 0;
    } catch (IOException e) {
      there = false;
    }
    Assumptions.assumeTrue(there, "no python3 with NumPy here");
    return python;
  }

  /** The same with variables of its environment. */
  Python with(Map<String, String> variables) {
    return new Python(variables);
  }

  /** Runs a script to its end. */
  public Said run(Path script, Path... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("-W", "ignore", script.toString()));
    for (Path argument : arguments) {
      words.add(argument.toString());
    }
    return run(words);
  }

  private Said run(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("HELIX_JAR");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(said, process.waitFor());
  }
}

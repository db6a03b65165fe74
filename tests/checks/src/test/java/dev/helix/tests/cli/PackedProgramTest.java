package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar of the README finds in its {@code lib} all that its commands need. */
public class PackedProgramTest {
  /** Where the build puts the program, from the root of the repository. */
  public static final String JAR = "helix-runtime/program/target/helix.jar";

  @ParameterizedTest
  @CsvSource({
    "0, decode --prompt Where --max-new 1 --no-verify",
    "0, time --model llama-405b --context 1M --batch 8 --kvp 8 --tpa 8",
    "0, laws --law associative --cases 1",
    "0, museum --list",
    "1, calibration --preset silicon",
    "0, layouts --tokens 1 --max-new 1 --no-verify"
  })
  void everyCommandRuns(int status, String arguments) throws IOException, InterruptedException {
    Path jar = Path.of("..", "..").resolve(JAR);
    assumeTrue(Files.exists(jar), "the build stops before it packs the program");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toString()));
    Stream.of(arguments.split(" ")).forEach(command::add);
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    program.getOutputStream().close();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, program.waitFor(), said);
    assertTrue(said.lines().count() > 1, said);
  }
}

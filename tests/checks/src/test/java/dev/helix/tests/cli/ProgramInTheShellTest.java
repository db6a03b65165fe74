package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.helix.laws.LawSuite;
import dev.helix.runtime.cli.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process of its own: what becomes of it when its surroundings fail or end it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals and no /dev/full there")
class ProgramInTheShellTest {
  private static final String LONG_DECODE = "decode --tokens 1,2 --max-new 900 --no-verify";

  /** So many that a machine of many cores has not timed all of them before it is interrupted. */
  private static final String MANY_BATCHES =
      IntStream.rangeClosed(1, 4096).mapToObj(String::valueOf).collect(Collectors.joining(","));

  /** Only a program that hangs reaches it. */
  private static final int DEADLINE_SECONDS = 1200;

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LONG_DECODE, "layouts --tokens 1,2 --max-new 90 --no-verify"})
  void endsQuietlyWhenNobodyReadsAnyMore(String command) throws IOException, InterruptedException {
    Process program = start(new ProcessBuilder(), command);
    readLineOf(program);
    program.getInputStream().close();
    assertEquals(141, statusOf(program));
    assertEquals("", errors());
  }

  @Test
  void saysSoWhenTheDiskIsFull() throws IOException, InterruptedException {
    File full = new File("/dev/full");
    assumeTrue(full.exists(), "there is no /dev/full here");
    Process program = start(new ProcessBuilder().redirectOutput(full), "museum --list");
    assertEquals(3, statusOf(program));
    assertEquals("helix: standard output: not everything could be written\n", errors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LONG_DECODE,
        "layouts --tokens 1,2 --max-new 900 --no-verify",
        "laws --cases 100000",
        "museum --cases 100000",
        "sweep --model deepseek-r1 --context 1k"
      })
  void anInterruptEndsItAtOnceAndLeavesNoPartOfAReport(String command)
      throws IOException, InterruptedException {
    Path reports = Files.createDirectory(directory.resolve("reports"));
    boolean inFolder = command.startsWith("sweep");
    Path report = inFolder ? reports : reports.resolve("report.json");
    String[] others =
        inFolder
            ? new String[] {"--batches", MANY_BATCHES, "--out", report.toString()}
            : new String[] {"--json", report.toString()};
    Process program = start(new ProcessBuilder(), command, others);
    if (!command.startsWith("decode") && !command.startsWith("layouts")) {
      // These print at their end: once they work, the interrupt comes before.
      awaitClass(inFolder ? "dev.helix.runtime.sweep." : LawSuite.class.getName());
      assertTrue(program.isAlive(), command);
    } else {
      readLineOf(program);
    }
    assumeTrue(heedsInterrupts(program), "whoever runs the tests has switched interrupts off");
    // Every shell has it, while not every system has a program of that name.
    start(new ProcessBuilder("sh", "-c", "kill -INT " + program.pid())).waitFor();
    assertEquals(130, statusOf(program));
    try (Stream<Path> files = Files.list(reports)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void inAnAsciiTerminalNoCharacterIsLost() throws IOException, InterruptedException {
    Process program = start(new ProcessBuilder(), "time --hop-b on");
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, statusOf(program), errors());
    assertTrue(said.contains("wire MB      us  us each"), said);
    assertFalse(said.contains("?"), said);
    assertTrue(said.chars().allMatch(character -> character < 128), said);
  }

  /** Starts the program with the words of a command and with others, which may have spaces. */
  private Process start(ProcessBuilder builder, String command, String... others)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // As README and manifest say: newer JDKs warn of native code and of Unsafe without.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dstdout.encoding=US-ASCII",
                "-Xlog:class+load:file=" + classesFile(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    words.addAll(List.of(command.split(" ")));
    words.addAll(List.of(others));
    return start(builder.command(words).redirectError(errorFile().toFile()));
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static void readLineOf(Process program) throws IOException {
    // Not closed here: that would close the program's standard output too.
    BufferedReader reader = program.inputReader(StandardCharsets.US_ASCII);
    assertTrue(reader.readLine() != null, "the program printed nothing");
  }

  /** Waits until the program has loaded a class whose name begins so. */
  private void awaitClass(String name) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!hasLoaded(name)) {
      assertTrue(System.nanoTime() - end < 0, () -> "the program does not come to " + name);
      Thread.sleep(50);
    }
  }

  private boolean hasLoaded(String name) throws IOException {
    // The log also has paths, in whatever bytes the system writes them.
    return Files.exists(classesFile())
        && Files.readString(classesFile(), StandardCharsets.ISO_8859_1).contains(" " + name);
  }

  private static int statusOf(Process program) throws InterruptedException {
    assertTrue(program.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "the program hangs");
    return program.exitValue();
  }

  /** Linux says which signals a process ignores, as one does that a script put aside. */
  private static boolean heedsInterrupts(Process program) throws IOException {
    Path status = Path.of("/proc", String.valueOf(program.pid()), "status");
    if (!Files.exists(status)) {
      return true;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .allMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) == 0);
  }

  private Path classesFile() {
    return directory.resolve("classes.txt");
  }

  private Path errorFile() {
    return directory.resolve("stderr.txt");
  }

  private String errors() throws IOException {
    return Files.readString(errorFile());
  }
}

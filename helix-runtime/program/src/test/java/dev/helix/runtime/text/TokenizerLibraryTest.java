package dev.helix.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.util.Utils;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** How the native library behaves in a JVM of its own, where nobody has set anything. */
final class TokenizerLibraryTest {
  private static final String WARNINGS_TO_THE_CONSOLE =
      """
      <configuration>
        <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%level %logger %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="console"/></root>
      </configuration>
      """;

  /** Only a program that hangs needs as long, on a busy machine too. */
  private static final long MINUTES_OF_A_HANG = 20;

  @TempDir(factory = InModule.class)
  Path directory;

  /** The system's place for temporary files may forbid that libraries are loaded from there. */
  private static final class InModule implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      Path built = Files.createDirectories(Path.of("target").toAbsolutePath());
      return Files.createTempDirectory(built, "tokenizers");
    }
  }

  @Test
  void onAFreshMachineNothingIsPrintedAndOnlyTheJarIsUsed() throws Exception {
    Path cache = directory.resolve("cache");
    String printed = run("-DDJL_CACHE_DIR=" + cache);
    assertEquals("[1, 2] true null 0" + System.lineSeparator(), printed);
    try (var files = Files.walk(cache)) {
      List<String> libraries =
          files.filter(Files::isRegularFile).map(f -> cache.relativize(f).toString()).toList();
      assertFalse(libraries.isEmpty());
      assertTrue(libraries.stream().allMatch(f -> f.contains("-cpu-")), libraries.toString());
    }
  }

  @Test
  void whatTheUserHasSetIsKept() throws Exception {
    assertTrue(
        run("-Dai.djl.offline=false", "-DOPT_OUT_TRACKING=true").startsWith("[1, 2] false "));
  }

  private String run(String... settings) throws IOException, InterruptedException {
    Path logging = Files.writeString(directory.resolve("logback.xml"), WARNINGS_TO_THE_CONSOLE);
    Path out = directory.resolve("out.txt");
    ProcessBuilder program =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.command().addAll(List.of(settings));
    // As the manifest of helix.jar has it; without, JDKs from 24 on warn of every native library.
    program.command().add("--enable-native-access=ALL-UNNAMED");
    program.command().add("-Dlogback.configurationFile=" + logging);
    program.command().addAll(List.of("-cp", System.getProperty("java.class.path")));
    program.command().add(Program.class.getName());
    Process process = program.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(MINUTES_OF_A_HANG, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertTrue(ended);
    return Files.readString(out);
  }

  /** Tokenizes, and says what DJL thinks of the network and of GPUs. */
  static final class Program {
    public static void main(String[] args) {
      try (TextCodec codec = TextCodec.of("words", Tokenizers.words())) {
        System.out.println(
            Arrays.toString(codec.encode("a b"))
                + " "
                + Utils.isOfflineMode()
                + " "
                + System.getProperty("ai.djl.util.cuda.fork")
                + " "
                + CudaUtils.getGpuCount());
      }
    }
  }
}

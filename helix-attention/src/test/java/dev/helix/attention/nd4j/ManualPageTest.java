package dev.helix.attention.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.mesh.Layout;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The program on the page is the program that runs, and it prints what the page says. */
class ManualPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/nd4j.md");

  @Test
  void theProgramHasTwentyFiveLines() throws Exception {
    String program = block(Files.readString(PAGE), "java");
    long lines =
        program.lines().filter(line -> !line.startsWith("import") && !line.isBlank()).count();
    assertTrue(lines <= 25, () -> lines + " lines");
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void theProgramPrintsWhatThePageSays(@TempDir Path classes) throws Exception {
    String page = Files.readString(PAGE);
    compile(block(page, "java"), classes);
    assertEquals(block(page, "text"), run(classes));
  }

  private static String block(String page, String language) {
    Matcher fenced =
        Pattern.compile("^```" + language + "\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(page);
    assertTrue(fenced.find(), () -> PAGE + " has no block of " + language);
    return fenced.group(1).replace("\r", "");
  }

  private static void compile(String program, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    // Where the classes really are: java.class.path names the test runner alone under some runners.
    String classPath =
        Stream.of(ShardedAttention.class, Layout.class, INDArray.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .map(ManualPageTest::path)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                problems,
                List.of("-d", classes.toString(), "-cp", classPath, "--release", "17"),
                null,
                List.of(new Source(program)))
            .call();
    String errors =
        problems.getDiagnostics().stream()
            .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
    assertTrue(compiled, errors);
  }

  private static String run(Path classes) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] here = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(here, ManualPageTest.class.getClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      loader
          .loadClass("Sharded")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  private static String path(URL location) {
    return Path.of(URI.create(location.toString())).toString();
  }

  /** The program as a compiler reads it. */
  private static final class Source extends SimpleJavaFileObject {
    private final String program;

    Source(String program) {
      super(URI.create("string:///Sharded.java"), Kind.SOURCE);
      this.program = program;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return program;
    }
  }
}

package dev.helix.tests.laws.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.cli.Main;
import dev.helix.tests.cli.HelixProgram;
import dev.helix.tests.manual.Page;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module that {@code laws --python} writes, called by the script that its page shows. Left out
 * where there is no NumPy.
 */
class PythonModuleTest {
  private static final Page PAGE = Page.named("test-your-python.md");

  @TempDir private Path directory;
  private Path script;

  @BeforeEach
  void write() throws IOException {
    script =
        Files.writeString(
            directory.resolve("test_merge.py"), PAGE.fileNamed("test_merge.py").content());
    Path module = directory.resolve("helix_laws.py");
    HelixProgram program = HelixProgram.run("laws", "--python", module.toString());
    assertEquals(0, program.status(), program.err());
  }

  /** A right merge in BF16 holds, one in the wrong base raises AssertionError with the report. */
  @Test
  void aRightFunctionHoldsAndAWrongOneRaisesTheReport() throws IOException, InterruptedException {
    Python python = Python.withNumPy().with(Map.of("HELIX_JAR", jar(Main.class).toString()));
    Path asserts =
        Files.writeString(
            directory.resolve("asserts.py"),
            """
            import numpy as np
            import helix_laws
            from test_merge import merge

            bits = np.array([0x3F80, 0xC2F7, 0x7F80, 0x0001, 0x8000], np.uint16)
            numbers = helix_laws.float32_from_bf16(bits)
            assert (helix_laws.bf16_from_float32(numbers) == bits).all()
            between = np.array([1 + 2**-8, 1 + 3 * 2**-8], np.float32)
            assert list(helix_laws.bf16_from_float32(between)) == [0x3F80, 0x3F82]
            few = dict(law=["bases", "weights"], cases=1, timeout=600)
            assert "all laws hold" in helix_laws.check_merge(merge, "vllm-dcp", **few)
            try:
                helix_laws.check_merge(merge, "vllm-dcp", base=2, **few)
            except AssertionError as broken:
                assert "law weights" in str(broken) or "law bases" in str(broken), broken
            else:
                assert False, "natural LSEs were taken for those of base 2"
            try:
                helix_laws.check_merge(lambda *given: 1 / 0, "vllm-dcp", **few)
            except ZeroDivisionError:
                pass
            else:
                assert False, "an exception of the function was lost"
            try:
                helix_laws.check_merge(lambda *given: 1 / 0, "vllm-dcp", law="one-rank", cases=1)
            except helix_laws.NoVerdict as unchecked:
                assert "no law could be checked" in str(unchecked), unchecked
            else:
                assert False, "a function that was never called passed"
            for wrong in (dict(format="fp7"), dict(tensors="jax")):
                try:
                    helix_laws.check_merge(merge, None, **wrong)
                except (helix_laws.NoVerdict, ValueError) as refused:
                    assert "expected" in str(refused), refused
            print("held")
            """);
    Python.Said said = python.run(asserts);
    assertEquals("held\n", said.words());
  }

  /** Java ends with status 1 if it cannot start a program, and that is no broken law. */
  @Test
  void anotherFileInThePlaceOfTheJarGivesNoVerdict() throws IOException, InterruptedException {
    Python python = Python.withNumPy().with(Map.of("HELIX_JAR", jar(Another.class).toString()));
    Path asserts =
        Files.writeString(
            directory.resolve("asserts.py"),
            """
            import os
            import helix_laws

            def refused(jar):
                os.environ["HELIX_JAR"] = jar
                try:
                    helix_laws.check_merge(lambda o, l: o[0], law="hull", cases=1)
                except helix_laws.NoVerdict as refused:
                    return str(refused)
                assert False, "nothing was judged, and it passed"

            another = os.environ["HELIX_JAR"]
            words = refused(another)
            assert words.startswith("HELIX_JAR: %s ended with status 0 and no verdict" % another)
            os.environ["JAVA_TOOL_OPTIONS"] = "-Dsays=usage"
            words = refused(another)
            assert words == "HELIX_JAR: expected helix.jar, %s says 'usage'" % another, words
            words = refused(__file__)
            assert words.startswith("HELIX_JAR: %s ended with status 1 and no verdict" % __file__)
            print("held")
            """);
    Python.Said said = python.run(asserts);
    assertEquals("held\n", said.words());
  }

  /** A program that is not helix, and says nothing or what it was told to say. */
  static final class Another {
    private Another() {}

    public static void main(String[] given) {
      System.out.print(System.getProperty("says", ""));
    }
  }

  @Test
  void withoutTheVariableItSaysWhatIsMissing() throws IOException, InterruptedException {
    Python python = Python.withNumPy();
    Files.writeString(script, "\ntest_merge()\n", StandardOpenOption.APPEND);
    Python.Said said = python.run(script);
    assertEquals(1, said.status());
    assertTrue(
        said.words()
            .strip()
            .endsWith(
                "HelixNotFound: HELIX_JAR: expected the path of helix.jar, the variable is not"
                    + " set"),
        said.words());
  }

  /** A jar that has the class path of this test and nothing else. */
  private Path jar(Class<?> main) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, main.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    Path jar = directory.resolve("helix.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}

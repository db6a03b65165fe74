package dev.helix.runtime.cli.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text reaches terminals of every charset, and what the charset lacks is spelled. */
class StandardStreamTest {
  /** A text in quotes, on a line that is no comment. */
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  @Test
  void aCharacterThatTheCharsetHasStaysAsItIs() {
    assertEquals("a × b", printed("a × b", StandardCharsets.UTF_8));
    assertEquals("a × b, inf", printed("a × b, ∞", StandardCharsets.ISO_8859_1));
  }

  @Test
  void inAsciiCharactersAreSpelled() {
    assertEquals("2^10 x 3 us", printed("2¹⁰ × 3 µs", StandardCharsets.US_ASCII));
    assertEquals("10^-9 <= log2 LSE_i", printed("10⁻⁹ ≤ log₂ LSEᵢ", StandardCharsets.US_ASCII));
  }

  @Test
  void aCharacterWithoutASpellingIsTheCharsetsReplacement() {
    assertEquals("? and ?", printed("你 and \uD83D\uDE00", StandardCharsets.US_ASCII));
  }

  @Test
  void aCharacterMayComeByteByByte() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (StandardStream stream = new StandardStream(bytes, StandardCharsets.US_ASCII)) {
      for (byte one : "a∞b".getBytes(StandardCharsets.UTF_8)) {
        stream.write(one);
      }
    }
    assertArrayEquals("ainfb".getBytes(StandardCharsets.US_ASCII), bytes.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "decode --help",
        "layouts --help",
        "time --help",
        "calibration --help",
        "laws --help",
        "museum --help",
        "laws --list",
        "museum --list",
        "calibration",
        "time --hop-b on",
        "decode --max-new 1 --as deepseek-r1",
        "layouts --tokens 1 --max-new 1 --no-verify",
        "museum --cases 1 --law ownership",
        "laws --cases 1 --law max-sum",
        "decode --kvp 3 --tpa 1",
        "time --kvp 16"
      })
  void noQuestionMarkTakesThePlaceOfACharacter(String command) {
    Printed out = new Printed();
    Printed err = new Printed();
    Main.run(out.stream(), err.stream(), command.split(" "));
    List<String> plain = List.of(out.plain(), err.plain());
    List<String> full = List.of(out.full(), err.full());
    assertEquals(questionMarks(full), questionMarks(plain), plain.toString());
    assertTrue(plain.stream().flatMapToInt(String::chars).allMatch(c -> c < 128));
  }

  /**
   * Whatever a command may print, in messages too: no character stands in a text without a
   * spelling.
   */
  @Test
  void everyCharacterOfEveryTextInTheProgramHasASpelling() throws IOException {
    TreeMap<String, Path> lost = new TreeMap<>();
    int texts = 0;
    for (Path source : sources()) {
      for (String line : Files.readAllLines(source)) {
        if (line.strip().startsWith("*") || line.strip().startsWith("/")) {
          continue;
        }
        for (String text : QUOTED.matcher(line).results().map(m -> m.group(1)).toList()) {
          texts++;
          if (questionMarks(List.of(printed(text, StandardCharsets.US_ASCII)))
              != questionMarks(List.of(text))) {
            lost.put(text, source);
          }
        }
      }
    }
    assertTrue(texts > 2000, () -> "the sources are not where they were");
    assertTrue(lost.isEmpty(), lost.toString());
  }

  @Test
  void aClosedPipeIsToldFromAFullDisk() {
    assertThrows(ClosedPipe.class, () -> failing("Broken pipe").write(65));
    IOException full =
        assertThrows(IOException.class, () -> failing("No space left on device").write(65));
    assertEquals("No space left on device", full.getMessage());
    assertFalse(ClosedPipe.isBehind(full));
  }

  private static StandardStream failing(String words) {
    return new StandardStream(
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            throw new IOException(words);
          }
        },
        StandardCharsets.UTF_8);
  }

  /** Not what is built: other modules may be built meanwhile, and files there come and go. */
  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        Path.of("..", ".."),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean hidden = name.startsWith(".") && !name.equals("..");
            return hidden || name.equals("target")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.toString().replace('\\', '/');
            if (name.contains("/src/main/java/") && name.endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  private static long questionMarks(List<String> texts) {
    return texts.stream().flatMapToInt(String::chars).filter(c -> c == '?').count();
  }

  /** What one run prints, as an ASCII terminal and as one of all characters show it. */
  private static final class Printed {
    private final ByteArrayOutputStream ascii = new ByteArrayOutputStream();
    private final ByteArrayOutputStream utf8 = new ByteArrayOutputStream();

    PrintStream stream() {
      OutputStream both =
          new OutputStream() {
            private final OutputStream toAscii =
                new StandardStream(ascii, StandardCharsets.US_ASCII);
            private final OutputStream toUtf8 = new StandardStream(utf8, StandardCharsets.UTF_8);

            @Override
            public void write(int single) throws IOException {
              write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              toAscii.write(bytes, offset, length);
              toUtf8.write(bytes, offset, length);
            }
          };
      return new PrintStream(both, true, StandardCharsets.UTF_8);
    }

    String plain() {
      return ascii.toString(StandardCharsets.US_ASCII);
    }

    String full() {
      return utf8.toString(StandardCharsets.UTF_8);
    }
  }

  private static String printed(String text, Charset charset) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    printing(bytes, charset).print(text);
    return bytes.toString(charset);
  }

  private static PrintStream printing(OutputStream bytes, Charset charset) {
    return new PrintStream(new StandardStream(bytes, charset), true, StandardCharsets.UTF_8);
  }
}

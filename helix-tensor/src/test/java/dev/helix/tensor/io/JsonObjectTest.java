package dev.helix.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class JsonObjectTest {
  @Test
  void fieldsOfTheRightKindAreGiven() {
    JsonObject json =
        parse(
            """
            {"n": 3, "x": 1e-05, "t": "a", "yes": true, "none": null, "ids": [1, 2], "o": {"y": 2},
             "texts": ["p", "q"]}
            """);
    assertEquals(3, json.positive("n"));
    assertEquals(3.0, json.number("n"));
    assertEquals(1e-5, json.number("x"));
    assertEquals("a", json.text("t"));
    assertTrue(json.flag("yes", false));
    assertTrue(json.flag("none", true));
    assertEquals(List.of(3), json.integers("n", 0));
    assertEquals(List.of(1, 2), json.integers("ids", 0));
    assertEquals(List.of(), json.integers("absent", 0));
    assertEquals(List.of("p", "q"), json.texts("texts"));
    assertEquals(2.0, json.object("o").number("y"));
    assertEquals(Optional.empty(), json.optionalObject("none"));
    assertFalse(json.has("none"));
    assertEquals("f.json", json.file());
  }

  @Test
  void fieldsOfAnotherKindAreNamedWithWhatWasExpectedAndFound() {
    JsonObject json =
        parse(
            """
            {"n": 3.5, "big": 2147483648, "zero": 0, "t": "a", "o": {"y": "2"}, "l": [1, "x"]}
            """);
    String count = "expected an integer from 1 to 2147483647";
    refused("f.json: n: " + count + ", got 3.5", () -> json.positive("n"));
    refused("f.json: big: " + count + ", got 2147483648", () -> json.positive("big"));
    refused("f.json: zero: " + count + ", got 0", () -> json.positive("zero"));
    refused("f.json: t: " + count + ", got \"a\"", () -> json.positive("t"));
    refused("f.json: gone: " + count + ", got nothing", () -> json.positive("gone"));
    refused(
        "f.json: l: expected an integer from 0 to 2147483647 or a list of them, got [1,\"x\"]",
        () -> json.integers("l", 0));
    refused("f.json: t: expected true or false, got \"a\"", () -> json.flag("t", false));
    refused("f.json: n: expected a string, got 3.5", () -> json.text("n"));
    refused("f.json: n: expected an object, got 3.5", () -> json.optionalObject("n"));
    refused("f.json: l: expected a list of strings, got [1,\"x\"]", () -> json.texts("l"));
    refused("f.json: o.y: expected a finite number, got \"2\"", () -> json.object("o").number("y"));
  }

  @Test
  void longValuesAreCutInMessages() {
    JsonObject json = parse("{\"a\": \"" + "x".repeat(1000) + "\"}");
    refused(
        "f.json: a: expected a finite number, got \"" + "x".repeat(79) + "…",
        () -> json.number("a"));
  }

  @Test
  void whatIsNotOneObjectIsRefused() {
    refused("f.json: expected a JSON object, got []", () -> parse("[]"));
    refused("f.json: expected a JSON object, got nothing", () -> parse(""));
    for (String text : List.of("{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}", "\0")) {
      InvalidInputException e = assertThrows(InvalidInputException.class, () -> parse(text));
      assertTrue(e.getMessage().startsWith("f.json: not strict JSON at line 1, column "));
      assertEquals(1, e.getMessage().lines().count());
    }
    assertThrows(InvalidInputException.class, () -> parse("{\"a\":" + "[".repeat(100_000)));
  }

  @Test
  void aNumberThatIsNotFiniteIsNamedByItsField() {
    refused(
        "f.json: not strict JSON at line 2, column 28: o.list[1].value: expected a finite number,"
            + " got NaN",
        () -> parse("{\"o\": {\n \"list\": [{}, {\"value\": NaN}]}}"));
    refused(
        "f.json: not strict JSON at line 1, column 17: \"a b\": expected a finite number, got"
            + " -Infinity",
        () -> parse("{\"a b\":-Infinity}"));
  }

  @Test
  void noMessageNamesTheParserOrASettingOfIts() {
    for (String text :
        List.of(
            "{\"a\":NaN}",
            "{\"a\":+1}",
            "{\"a\":01}",
            "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":1} {}",
            "{\"a\":1,}",
            "{\"a\":1 // one\n}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":nan}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":" + "1".repeat(2000) + "}",
            "{\"a\":" + "[".repeat(2000) + "}",
            "{\"" + "a".repeat(60_000) + "\":1}")) {
      String message = assertThrows(InvalidInputException.class, () -> parse(text)).getMessage();
      assertTrue(message.startsWith("f.json: not strict JSON"), message);
      for (String word : List.of("`", "Feature", "Stream", "jackson", "ALLOW", "enable")) {
        assertFalse(message.contains(word), message);
      }
      assertEquals(1, message.lines().count(), message);
    }
  }

  @Test
  void aMessageIsOfBoundedLengthWhateverTheParserQuotes() {
    for (String text :
        List.of("{\"a\":fa" + "\0".repeat(5_000) + "}", "{\"a\":fa" + "\u009b".repeat(9_000))) {
      String message = assertThrows(InvalidInputException.class, () -> parse(text)).getMessage();
      assertTrue(message.length() < 500, message);
    }
    JsonObject json = parse("{\"o\":".repeat(900) + "{}" + "}".repeat(900));
    for (int depth = 0; depth < 900; depth++) {
      json = json.object("o");
    }
    JsonObject deep = json;
    String message =
        assertThrows(InvalidInputException.class, () -> deep.positive("a")).getMessage();
    assertTrue(message.startsWith("f.json: o.o.o."), message);
    assertTrue(message.contains(".o.a: expected an integer"), message);
    assertTrue(message.length() < 500, message);
  }

  @Test
  void aNameThatWouldFillALineIsCut() {
    assertEquals("x".repeat(80), JsonObject.oneLine("x".repeat(80)));
    assertEquals('"' + "x".repeat(79) + "…", JsonObject.oneLine("x".repeat(81)));
  }

  @Test
  void theDepthIsThatOfTheDeepestPlace() {
    assertEquals(1, parse("{}").depth());
    assertEquals(1, parse("{\"a\":1,\"b\":null}").depth());
    assertEquals(4, parse("{\"a\":[{\"b\":[]},[2]],\"c\":{\"d\":{}}}").depth());
  }

  @Test
  void aNumberBeyondTheLargestDoubleIsNamedByItsField() {
    String message = "expected a finite number, got one beyond the largest double";
    refused("f.json: inf: " + message, () -> parse("{\"inf\": 1e999}"));
    refused("f.json: o.l[1]: " + message, () -> parse("{\"o\":{\"l\":[1,-1e999999999]}}"));
    refused("f.json: i: " + message, () -> parse("{\"i\":1" + "0".repeat(400) + "}"));
    assertEquals(1e308, parse("{\"a\":1" + "0".repeat(308) + "}").number("a"));
    assertEquals(0, parse("{\"a\":1e-999}").number("a"));
  }

  @Test
  void halfOfASurrogatePairIsRefusedAndAWholeOneIsRead() {
    String message =
        "f.json: not strict JSON: expected escapes of whole characters, got half of one";
    refused(message, () -> parse("{\"a\":\"\\ud83d\"}"));
    refused(message, () -> parse("{\"a\":[{\"b\":\"\\ude00\\ud83d\"}]}"));
    assertEquals("😀", parse("{\"a\":\"\\ud83d\\uDE00\"}").text("a"));
    assertEquals("\\ud83d", parse("{\"a\":\"\\\\ud83d\"}").text("a"));
  }

  @Test
  void aQuotedValueHasNoControlCharacter() {
    JsonObject json = parse("{\"a\": \"x\\n\\u001b\\u007f\\u0085\\u009b\\u2028y\"}");
    refused(
        "f.json: a: expected a finite number, got \"x\\n\\u001B\\u007F\\u0085\\u009B\\u2028y\"",
        () -> json.number("a"));
  }

  @Test
  void filesThatCannotBeReadAreNamed(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("config.json");
    refused(missing + ": no such file", () -> JsonObject.read(missing));
    refused(directory + ": expected a file, got a directory", () -> JsonObject.read(directory));
    Path file = Files.writeString(missing, "{\"a\": 1}");
    assertEquals(1, JsonObject.read(file).positive("a"));
    refused(file + ": expected at most 7 bytes, got 8", () -> InputFile.bytes(file, 7));
  }

  private static JsonObject parse(String text) {
    return JsonObject.parse("f.json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String message, Executable read) {
    assertEquals(message, assertThrows(InvalidInputException.class, read).getMessage());
  }
}

package dev.helix.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each of these files is read by the native library, which then ends the process or returns what
 * does not fit together. That they are refused shows by the test's going on.
 */
final class TokenizerFaultsTest {
  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing", "pair": [], "single": [{"SpecialToken": {"id": "a", "type_id": 0}}],
       "special_tokens": %s}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|SpecialToken.id: expected a token that special_tokens has, got \"a\"",
        "{\"b\": {\"id\": \"b\", \"ids\": [2], \"tokens\": [\"b\"]}}"
            + "|SpecialToken.id: expected a token that special_tokens has, got \"a\"",
        "{\"a\": {\"id\": \"a\", \"ids\": [1], \"tokens\": []}}"
            + "|special_tokens.a.tokens: expected 1 tokens, one for each of ids, got []",
        "{\"a\": {\"id\": \"a\", \"ids\": [2147483647], \"tokens\": [\"a\"]}}"
            + "|special_tokens.a.ids: expected ids below 2147483647, got [2147483647]",
      })
  void aTemplateOfTokensThatItDoesNotDefineIsRefused(String specialTokens, String message) {
    String processor = TEMPLATE.formatted(specialTokens);
    assertRefused("\"post_processor\": " + processor, message);
    assertRefused(
        "\"post_processor\": {\"type\": \"Sequence\", \"processors\": [" + processor + "]}",
        message);
    // The library goes by the fields and not by the type.
    assertRefused(
        "\"post_processor\": " + processor.replace("\"type\": \"TemplateProcessing\",", ""),
        message);
  }

  @Test
  void aTemplateOfOneTextThatAsksForTheSecondIsRefused() {
    String processor =
        TEMPLATE
            .formatted("{}")
            .replace("{\"SpecialToken\": {\"id\": \"a\"", "{\"Sequence\": {\"id\": \"B\"");
    assertRefused(
        "\"post_processor\": " + processor,
        "single[0].Sequence.id: expected \"A\", since a single text has no other, got \"B\"");
  }

  @Test
  void stripFromTheEndIsRefused() {
    String strip = "{\"type\": \"Strip\", \"content\": \" \", \"start\": 0, \"stop\": 1}";
    String message = "stop: expected 0 (the tokenizer library ends the process";
    assertRefused("\"decoder\": " + strip, message);
    assertRefused("\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + strip + "]}", message);
  }

  @Test
  void anIdIsBelowTheLargestInteger() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> open(words().replace("\"b\": 2", "\"b\": 2147483647")));
    assertEquals(
        "words: model.vocab.b: expected an id below 2147483647, got 2147483647", e.getMessage());
  }

  @Test
  void anIdThatNoTokenHasIsRefusedWhenATextIsEncoded() {
    String processor =
        "\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"x\", 4294967295], \"cls\":"
            + " [\"a\", 1]}";
    try (TextCodec codec = open(with(processor))) {
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> codec.encode("a b"));
      assertEquals(
          "words: a text begins or ends with token 4294967295, expected ids from 0 to 9",
          e.getMessage());
    }
  }

  @Test
  void aTemplateOfDefinedTokensIsReadAndItsIdsCount() {
    String tokens = "{\"a\": {\"id\": \"a\", \"ids\": [17], \"tokens\": [\"a\"]}}";
    String processor =
        TEMPLATE
            .formatted(tokens)
            .replace(
                "\"type_id\": 0}}]",
                "\"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}]");
    try (TextCodec codec = open(with("\"post_processor\": " + processor))) {
      assertEquals(18, codec.vocabularySize());
      assertArrayEquals(new int[] {17, 1}, codec.encode("a"));
    }
  }

  @Test
  void aPatternNestedBeyondTheNativeStackIsRefused() {
    String replace =
        "{\"type\": \"Replace\", \"content\": \"\", \"pattern\": {\"Regex\": \"%s\"}}"
            .formatted("(".repeat(5_000) + ")".repeat(5_000));
    assertRefused("\"normalizer\": " + replace, "pattern.Regex: expected at most 500 groups");
    assertRefused(
        "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + replace + "]}",
        "pattern.Regex: expected at most 500 groups");
  }

  @Test
  void whatIsNestedBeyondTheLibrarysLimitIsRefused() {
    String lists = "[".repeat(200) + "]".repeat(200);
    assertRefused(
        "\"decoder\": {\"type\": \"Sequence\", \"decoders\": " + lists + "}",
        "expected objects and lists of at most 100 inside each other, got 202");
  }

  @Test
  void aNumberBeyondADoubleAndHalfACharacterAreRefused() {
    assertRefused(
        "\"decoder\": {\"type\": \"Fuse\", \"x\": 1e999}", "decoder.x: expected a finite number");
    assertRefused("\"decoder\": {\"type\": \"Fuse\", \"x\": \"\\ud800\"}", "got half of one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"String\": \"\"}|String",
        "{\"Regex\": \"b*\"}|Regex",
        "{\"Regex\": \"$\"}|Regex",
        "{\"Regex\": \"\\\\b\"}|Regex",
      })
  void whatReplacesNothingIsRefused(String pattern, String field) {
    String replace =
        "{\"type\": \"Replace\", \"content\": \"b\", \"pattern\": %s}".formatted(pattern);
    String message = "pattern." + field + ": expected a pattern of at least one character";
    assertRefused("\"normalizer\": " + replace, message);
    assertRefused(
        "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + replace + "]}", message);
  }

  @Test
  void whatReplacesSomethingIsRead() {
    for (String pattern : new String[] {"{\"String\": \"é\"}", "{\"Regex\": \" {2,}|\\\\d\"}"}) {
      String replace =
          "\"normalizer\": {\"type\": \"Replace\", \"content\": \"a\", \"pattern\": %s}"
              .formatted(pattern);
      try (TextCodec codec = open(with(replace))) {
        assertArrayEquals(new int[] {1, 2}, codec.encode("a b"));
      }
    }
  }

  @Test
  void aCompiledMapOfCharactersAndPiecesOfLengthZeroAreRefused() {
    for (String map : new String[] {"", "AAAA"}) {
      String precompiled =
          "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}".formatted(map);
      assertRefused("\"normalizer\": " + precompiled, "precompiled_charsmap: expected neither");
      assertRefused(
          "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + precompiled + "]}",
          "normalizers[0].precompiled_charsmap: expected neither");
    }
    assertRefused(
        "\"normalizer\": {\"type\": \"Precompiled\", \"x\": \"\"}",
        "normalizer.precompiled_charsmap: expected neither one nor a part of this type");
    String pieces = words().replace("\"WhitespaceSplit\"", "\"FixedLength\", \"length\": 0");
    InvalidInputException e = assertThrows(InvalidInputException.class, () -> open(pieces));
    assertTrue(
        e.getMessage().contains("pre_tokenizer.length: expected an integer from 1"),
        e.getMessage());
  }

  @Test
  void aMergeWithoutThePrefixThatTheLibraryCutsOffIsRefused() {
    for (String merges : new String[] {"\"a b\"", "[\"a\", \"b\"]"}) {
      String model =
          """
          {"version": "1.0", "added_tokens": [],
           "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2},
             "continuing_subword_prefix": "##", "merges": [%s]}}
          """
              .formatted(merges);
      InvalidInputException e = assertThrows(InvalidInputException.class, () -> open(model));
      assertTrue(e.getMessage().contains("model.continuing_subword_prefix: "), e.getMessage());
    }
  }

  @Test
  void whatTheLibraryQuotesIsOneLineThatSteersNoTerminal() {
    String truncation =
        "\"truncation\": {\"direction\": \"\\u001b[31m\\u2028\", \"max_length\": 5, \"strategy\":"
            + " \"LongestFirst\", \"stride\": 0}";
    assertRefused(truncation, "unknown variant `\\u001B[31m\\u2028`");
  }

  @Test
  void whatTheLibraryQuotesDoesNotFillAPage() {
    String kind = "x".repeat(5_000);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> open(with("\"normalizer\": {\"type\": \"%s\"}".formatted(kind))));
    assertTrue(e.getMessage().length() < 500, e.getMessage());
  }

  private static void assertRefused(String part, String message) {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> open(with(part)).close());
    assertTrue(e.getMessage().startsWith("words: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static String with(String part) {
    return words().replace("{\"version\": \"1.0\",", "{\"version\": \"1.0\", " + part + ",");
  }

  private static String words() {
    return new String(Tokenizers.words(), StandardCharsets.UTF_8);
  }

  private static TextCodec open(String json) {
    return TextCodec.of("words", json.getBytes(StandardCharsets.UTF_8));
  }
}

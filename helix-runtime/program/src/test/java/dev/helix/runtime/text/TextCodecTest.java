package dev.helix.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.tensor.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextCodecTest {
  /** Tokens of the Python library that trained the model. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ada put the lamp in the barn . It was a cold morning . Ben put the key in the attic . Cleo"
            + " went to the mill and felt calm . Where is the lamp ? The lamp is in the| 1 25 6 5"
            + " 37 7 5 49 2 13 12 14 59 65 2 26 6 5 38 7 5 50 2 27 11 10 5 56 17 18 73 2 15 16 5 37"
            + " 3 4 37 16 7 5",
        "Dan put the map in the tower . Eve put the bell in the cave . Finn moved the map to the"
            + " garden . Gus put the coat in the stable . Hana put the ring in the harbor . Where"
            + " is the map ?| 1 28 6 5 45 7 5 54 2 29 6 5 42 7 5 57 2 30 8 5 45 10 5 52 2 31 6 5 43"
            + " 7 5 58 2 32 6 5 48 7 5 55 2 15 16 5 45 3",
        "Ivo put the drum in the kitchen .| 1 33 6 5 40 7 5 53 2",
      })
  void recallTokensAreThoseOfTheReference(String text, String tokens) {
    int[] expected =
        List.of(tokens.trim().split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    try (TextCodec codec = recall()) {
      assertArrayEquals(expected, codec.encode(text));
      assertEquals(text, codec.decode(expected));
      assertEquals(74, codec.vocabularySize());
    }
  }

  @Test
  void punctuationNeedsNoSpace() {
    try (TextCodec codec = recall()) {
      assertArrayEquals(codec.encode("the lamp ."), codec.encode("the lamp."));
    }
  }

  @Test
  void theEmptyTextIsItsBeginning() {
    try (TextCodec codec = recall()) {
      assertArrayEquals(new int[] {1}, codec.encode(""));
      assertEquals("", codec.decode(new int[] {1}));
      assertEquals("", codec.decode(new int[0]));
    }
  }

  @Test
  void longTextsAreNotCut() {
    try (TextCodec codec = recall()) {
      assertEquals(10_001, codec.encode("lamp ".repeat(10_000)).length);
    }
  }

  @Test
  void wordsThatTheModelDoesNotKnowAreToldOnceEach() {
    try (TextCodec codec = recall()) {
      assertEquals(
          List.of("sofa", "😀", "über"),
          codec.unknownWords("Ada put the sofa in the 😀 barn . the sofa ? über"));
      assertEquals(List.of(), codec.unknownWords("Ada put the lamp in the barn ."));
      assertEquals(List.of(), codec.unknownWords("the <pad> lamp"));
    }
    try (TextCodec codec = TextCodec.of("words", Tokenizers.words())) {
      assertEquals(List.of("c", "d"), codec.unknownWords("a c <end> b d c <unk>"));
    }
    try (TextCodec codec = TextCodec.of("unigram", Tokenizers.unigram())) {
      assertEquals(List.of("x"), codec.unknownWords("a x b"));
    }
    try (TextCodec codec = TextCodec.of("bytes", Tokenizers.bytes())) {
      assertEquals(List.of(), codec.unknownWords("any word at all"));
    }
  }

  @Test
  void theVocabularyReachesToTheLargestId() {
    try (TextCodec words = TextCodec.of("words", Tokenizers.words());
        TextCodec bytes = TextCodec.of("bytes", Tokenizers.bytes());
        TextCodec unigram = TextCodec.of("unigram", Tokenizers.unigram())) {
      assertEquals(10, words.vocabularySize());
      assertEquals(256, bytes.vocabularySize());
      assertEquals(3, unigram.vocabularySize());
    }
  }

  @Test
  void bytesAreTheirUtf8() {
    try (TextCodec codec = TextCodec.of("bytes", Tokenizers.bytes())) {
      assertArrayEquals(new int[] {'a', ' ', 0xf0, 0x9f, 0x98, 0x80}, codec.encode("a 😀"));
      assertEquals("a 😀", codec.decode(new int[] {'a', ' ', 0xf0, 0x9f, 0x98, 0x80}));
    }
  }

  @ParameterizedTest
  @MethodSource("embeddedNames")
  void everyEmbeddedModelHasATokenForEachRowOfItsEmbedding(String name) {
    try (Checkpoint checkpoint = Checkpoint.embedded(name);
        TextCodec codec = TextCodec.of(checkpoint)) {
      assertEquals(checkpoint.config().vocabularySize(), codec.vocabularySize());
    }
  }

  static List<String> embeddedNames() {
    return Checkpoint.embeddedNames();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``| t: expected a JSON object, got nothing",
        "{\"model\":| t: not strict JSON at line 1, column 10: Unexpected end-of-input",
        "{}| t: model: expected an object, got nothing",
        "{\"model\":{}}| t: model.vocab: expected an object, got nothing",
        "{\"model\":{\"vocab\":{\"a\":-1}}}| t: model.vocab.a: expected an integer from 0 to",
        "{\"model\":{\"vocab\":{\"a\":0}},\"added_tokens\":[{}]}| t: added_tokens[0].id: expected"
            + " an integer from 0 to",
        "{\"model\":{\"type\":\"Neural\",\"vocab\":{}}}| t: expected a Hugging Face tokenizer, got:"
            + " ",
        "{\"version\":\"9\",\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}| t: expected a"
            + " Hugging Face tokenizer, got: Unknown tokenizer version '9'",
      })
  void aMalformedTokenizerIsNamed(String json, String message) {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> TextCodec.of("t", json.getBytes(StandardCharsets.UTF_8)));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100})
  void aTokenizerCutShortIsRefused(int missing) {
    byte[] json = Tokenizers.words();
    byte[] cut = Arrays.copyOf(json, json.length - 1 - missing);
    assertThrows(InvalidInputException.class, () -> TextCodec.of("t", cut));
  }

  @Test
  void aTextThatCannotBeEncodedIsRefused() {
    byte[] json =
        new String(Tokenizers.words(), StandardCharsets.UTF_8)
            .replace("\"unk_token\": \"<unk>\"", "\"unk_token\": \"<none>\"")
            .getBytes(StandardCharsets.UTF_8);
    try (TextCodec codec = TextCodec.of("t", json)) {
      assertArrayEquals(new int[] {1}, codec.encode("a"));
      assertEquals(
          "t: text cannot be encoded: WordLevel error: Missing [UNK] token from the vocabulary",
          assertThrows(InvalidInputException.class, () -> codec.encode("c")).getMessage());
    }
  }

  @Test
  void afterClosingNothingIsEncoded() {
    TextCodec codec = TextCodec.of("t", Tokenizers.words());
    codec.close();
    codec.close();
    assertThrows(IllegalStateException.class, () -> codec.encode("a"));
    assertThrows(IllegalStateException.class, () -> codec.decode(new int[] {1}));
  }

  private static TextCodec recall() {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      return TextCodec.of(checkpoint);
    }
  }
}

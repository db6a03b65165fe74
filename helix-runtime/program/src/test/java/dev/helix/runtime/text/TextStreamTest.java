package dev.helix.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

final class TextStreamTest {
  private static final TextCodec BYTES = TextCodec.of("bytes", Tokenizers.bytes());
  private static final TextCodec WORDS = TextCodec.of("words", Tokenizers.words());

  @Example
  void aCharacterOfSeveralTokensComesWhole() {
    assertEquals(
        List.of("a", "", "", "", "😀", "", "é", ""),
        pieces(BYTES, "", new int[] {'a', 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xa9}));
  }

  @Example
  void bytesThatAreNoCharacterComeWithTheNextOneOrAtTheEnd() {
    assertEquals(List.of("", "\ufffdb", ""), pieces(BYTES, "", new int[] {0xf0, 'b'}));
    assertEquals(List.of("", "", "\ufffd"), pieces(BYTES, "", new int[] {0xe2, 0x82}));
  }

  @Example
  void aCharacterThatThePromptBeganIsCompleted() {
    TextStream stream = BYTES.stream(new int[] {'x', 0xc3});
    assertEquals("é", stream.append(0xa9));
    assertEquals("!", stream.append('!'));
  }

  @Example
  void wordsWithoutADecoderAreJoinedBySpacesAlsoToThePrompt() {
    assertEquals(List.of(" b", " a", ""), pieces(WORDS, "a", new int[] {2, 1}));
    assertEquals(List.of("b", " a", ""), pieces(WORDS, "", new int[] {2, 1}));
  }

  @Example
  void specialTokensAddNothing() {
    assertEquals(List.of(" b", "", " a", ""), pieces(WORDS, "a", new int[] {2, 9, 1}));
  }

  @Property(seed = "7324")
  void thePiecesTogetherAreTheWholeText(
      @ForAll @StringLength(max = 20) String prompt, @ForAll @StringLength(max = 20) String text) {
    Assume.that(isUnicode(prompt) && isUnicode(text));
    List<String> pieces = pieces(BYTES, prompt, BYTES.encode(text));
    assertEquals(text, String.join("", pieces));
    assertFalse(pieces.stream().limit(pieces.size() - 1L).anyMatch(p -> p.endsWith("\ufffd")));
  }

  @Property(seed = "7325")
  void whateverTheTokensThePiecesTogetherAreWhatDecodingTheWholeAdds(
      @ForAll @Size(max = 20) List<@IntRange(max = 255) Integer> tokens) {
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    assertEquals(BYTES.decode(ids), String.join("", pieces(BYTES, "", ids)));
  }

  private static List<String> pieces(TextCodec codec, String prompt, int[] tokens) {
    TextStream stream = codec.stream(codec.encode(prompt));
    List<String> pieces = new ArrayList<>();
    Arrays.stream(tokens).forEach(token -> pieces.add(stream.append(token)));
    pieces.add(stream.finish());
    return pieces;
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}

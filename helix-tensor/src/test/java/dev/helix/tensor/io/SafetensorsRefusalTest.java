package dev.helix.tensor.io;

import static dev.helix.tensor.io.SafetensorsBytes.entry;
import static dev.helix.tensor.io.SafetensorsBytes.file;
import static dev.helix.tensor.io.SafetensorsBytes.header;
import static dev.helix.tensor.io.SafetensorsBytes.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file is said in one line: file, tensor, field, expected and found. */
final class SafetensorsRefusalTest {
  private static final byte[] EMPTY_HEADER = "{}".getBytes(StandardCharsets.UTF_8);

  @Test
  void aFileTooShortForAHeaderLength() {
    refused(new byte[3], "f: expected 8 bytes of header length, got a file of 3 bytes");
    refused(new byte[0], "f: expected 8 bytes of header length, got a file of 0 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808, 9223372036854775808",
    "-1, 18446744073709551615",
    "100000001, 100000001",
    "9223372036854775807, 9223372036854775807",
  })
  void aHeaderLengthBeyondTheLimit(long length, String shown) {
    refused(
        withLength(length, EMPTY_HEADER),
        "f: header length: expected at most 100000000 bytes, got "
            + shown
            + " (is it a safetensors file?)");
  }

  @Test
  void aHeaderLongerThanTheFile() {
    refused(
        withLength(3, EMPTY_HEADER),
        "f: header length: expected at most the 2 bytes that follow, got 3 (cut short?)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]| f: header: expected a JSON object that begins with '{' at byte 8",
        "` {}`| f: header: expected a JSON object that begins with '{' at byte 8",
        "``| f: header: expected a JSON object that begins with '{' at byte 8",
        "{}}| f: not strict JSON at line 1, column 3: Unexpected close marker",
        "{\"a\":| f: not strict JSON at line 1, column 6: Unexpected end-of-input",
        "{\"a\":1}| f: a: expected an object, got 1",
        "{\"__metadata__\":[]}| f: __metadata__: expected an object, got []",
        "{\"__metadata__\":{\"k\":1}}| f: __metadata__.k: expected a string, got 1",
      })
  void aHeaderThatIsNoObjectOfObjects(String json, String message) {
    refusedBeginning(file(json), message);
  }

  @Test
  void aHeaderThatIsNotUtf8() {
    refused(
        withLength(4, new byte[] {'{', '"', (byte) 0xc3, '('}),
        "f: expected JSON in UTF-8, got other bytes");
  }

  @Test
  void aNameTwice() {
    String twice = header(entry("a", "F32", "[1]", 0, 4), entry("a", "F32", "[1]", 4, 8));
    refused(
        file(twice, new byte[8]), "f: not strict JSON at line 1, column 58: Duplicate field 'a'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}| dtype: expected a string, got nothing",
        "{\"dtype\":7}| dtype: expected a string, got 7",
        "{\"dtype\":\"F7\"}| dtype: expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2,"
            + " F8_E4M3, F8_E8M0, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64, got"
            + " \"F7\"",
        "{\"dtype\":\"F32\"}| shape: expected a list of integers from 0 up, got nothing",
        "{\"dtype\":\"F32\",\"shape\":[-1]}| shape: expected a list of integers from 0 up, got"
            + " [-1]",
        "{\"dtype\":\"F32\",\"shape\":[1.0]}| shape: expected a list of integers from 0 up, got"
            + " [1.0]",
        "{\"dtype\":\"F32\",\"shape\":[9223372036854775808]}| shape: expected a list of integers"
            + " from 0 up, got [9223372036854775808]",
        "{\"dtype\":\"F32\",\"shape\":[]}| data_offsets: expected a list of integers from 0 up, got"
            + " nothing",
        "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}| data_offsets: expected [begin, end]"
            + " with begin <= end, got [0]",
        "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]}| data_offsets: expected [begin,"
            + " end] with begin <= end, got [4,0]",
        "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,9]}| data_offsets: expected an end of"
            + " at most 8, the bytes of data in the file, got [0,9]",
        "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,8]}| data_offsets: expected 4 bytes"
            + " for F32[], got [0,8]",
        "{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,8]}| data_offsets: expected 12"
            + " bytes for BF16[2, 3], got [0,8]",
        "{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}| shape:"
            + " expected a size in bits below 2^63 of F32, got [4294967296,4294967296]",
        "{\"dtype\":\"F4\",\"shape\":[15],\"data_offsets\":[0,8]}| shape: expected whole bytes of"
            + " F4, got [15]",
      })
  void anEntryThatMakesNoSense(String entry, String message) {
    refused(file("{\"a.b\":" + entry + "}", new byte[8]), "f: tensor \"a.b\": " + message);
  }

  @Test
  void tensorsThatOverlap() {
    refused(
        file(header(entry("a", "F32", "[2]", 0, 8), entry("b", "F32", "[2]", 4, 12)), new byte[12]),
        "f: tensor \"b\": data_offsets: expected to begin at 8, where tensor \"a\" ends, got 4 (an"
            + " overlap)");
  }

  @Test
  void dataThatNoTensorCovers() {
    refused(
        file(header(entry("b", "F32", "[1]", 8, 12), entry("a", "F32", "[1]", 0, 4)), new byte[12]),
        "f: tensor \"b\": data_offsets: expected to begin at 4, where tensor \"a\" ends, got 8 (a"
            + " gap)");
    refused(
        file(header(entry("a", "F32", "[1]", 4, 8)), new byte[8]),
        "f: tensor \"a\": data_offsets: expected to begin at 0, where the header ends, got 4 (a"
            + " gap)");
    refused(
        file(header(entry("a", "F32", "[1]", 0, 4)), new byte[5]),
        "f: expected the data to end at 4, where tensor \"a\" ends, got 5 bytes of data");
  }

  @Test
  void aNameWithALineBreakDoesNotBreakTheMessage() {
    InvalidInputException e = refusal(file("{\"a\\nb\":{\"dtype\":\"x\\ny\"}}"));
    assertTrue(e.getMessage().startsWith("f: tensor \"a\\nb\": dtype: expected one of"));
    assertOneLine(e);
  }

  @Test
  void aFileCutShortAnywhere(@TempDir Path directory) throws IOException {
    byte[] whole = file(header(entry("a", "F32", "[2]", 0, 8)), new byte[8]);
    Path cut = directory.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(cut));
      assertTrue(e.getMessage().startsWith(cut + ": "), e.getMessage());
      assertOneLine(e);
    }
  }

  @Property(seed = "7304")
  void whateverByteIsChangedTheFileOpensOrIsRefusedInOneLine(
      @ForAll @IntRange(max = 200) int position, @ForAll byte replacement, @ForAll long seed) {
    byte[] bytes =
        file(
            header(entry("a", "F32", "[2]", 0, 8), entry("b", "BF16", "[2,1]", 8, 12)),
            new byte[12]);
    bytes[position % bytes.length] = replacement;
    bytes[new Random(seed).nextInt(bytes.length)] ^= 1;
    try (SafetensorsFile file = SafetensorsFile.of("f", ByteBuffer.wrap(bytes))) {
      for (String name : file.names()) {
        file.read(name);
      }
    } catch (InvalidInputException e) {
      assertOneLine(e);
    }
  }

  private static void refused(byte[] bytes, String message) {
    assertEquals(message, refusal(bytes).getMessage());
  }

  private static void refusedBeginning(byte[] bytes, String message) {
    InvalidInputException e = refusal(bytes);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertOneLine(e);
  }

  private static InvalidInputException refusal(byte[] bytes) {
    return assertThrows(
        InvalidInputException.class, () -> SafetensorsFile.of("f", ByteBuffer.wrap(bytes)));
  }

  private static void assertOneLine(InvalidInputException e) {
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }
}

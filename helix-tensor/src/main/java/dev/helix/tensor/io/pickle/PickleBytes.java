package dev.helix.tensor.io.pickle;

import dev.helix.tensor.InvalidInputException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read from the first to the last. */
final class PickleBytes {
  /** Digits of an integer; no size or number of a tensor file has as many. */
  private static final int MAX_INTEGER_BYTES = 1_024;

  private final String file;
  private final ByteBuffer bytes;

  PickleBytes(String file, byte[] pickle) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  int unsigned() {
    return Byte.toUnsignedInt(require(1).get());
  }

  int unsigned16() {
    return Short.toUnsignedInt(require(Short.BYTES).getShort());
  }

  int int32() {
    return require(Integer.BYTES).getInt();
  }

  long unsigned32() {
    return Integer.toUnsignedLong(int32());
  }

  long int64() {
    return require(Long.BYTES).getLong();
  }

  /** A number of 64 bits, the highest byte first. */
  double float64() {
    return Double.longBitsToDouble(Long.reverseBytes(int64()));
  }

  /** An integer of any length, as a {@code Long} if it fits one. */
  Object integer(int length) {
    if (length > MAX_INTEGER_BYTES) {
      throw refused("an integer of at most %d bytes".formatted(MAX_INTEGER_BYTES), "" + length);
    }
    require(length);
    byte[] highestFirst = new byte[length + 1];
    for (int i = length; i > 0; i--) {
      highestFirst[i] = bytes.get();
    }
    highestFirst[0] = (byte) (length > 0 && highestFirst[1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(highestFirst);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  String text(long length) {
    require(length);
    ByteBuffer utf8 = bytes.slice(bytes.position(), (int) length);
    skip(length);
    return decoded(utf8);
  }

  /** A text up to the next end of a line. */
  String line() {
    int from = bytes.position();
    while (unsigned() != '\n') {
      // The end of the pickle is noticed there.
    }
    return decoded(bytes.slice(from, bytes.position() - 1 - from));
  }

  void skip(long length) {
    require(length);
    bytes.position(bytes.position() + (int) length);
  }

  /** Reads the length of a frame, which says only how much a reader may fetch at once. */
  void frame() {
    require(int64());
  }

  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  InvalidInputException refused(String expected, String came) {
    return new InvalidInputException(
        "%s: pickle, byte %d: expected %s, got %s"
            .formatted(file, bytes.position(), expected, shortened(came)));
  }

  private static String shortened(String text) {
    String line = text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }

  private ByteBuffer require(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw refused(
          "%s bytes".formatted(Long.toUnsignedString(count)),
          "%d until the end (cut short?)".formatted(bytes.remaining()));
    }
    return bytes;
  }

  private String decoded(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          "%s: pickle, byte %d: expected text in UTF-8, got other bytes"
              .formatted(file, bytes.position()),
          e);
    }
  }
}

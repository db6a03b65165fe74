package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.FileTensor.Origin;
import dev.helix.tensor.io.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an array in NumPy's format (numpy.lib.format, versions 1.0, 2.0 and 3.0): a magic text, the
 * version, the length of the header, the header, which is a dictionary as Python writes it, and the
 * elements.
 */
final class NpyHeader {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** A header of more bytes is damaged; those of arrays of plain numbers have about 100. */
  private static final int MAX_HEADER_BYTES = 65_535;

  private NpyHeader() {}

  /** Whether bytes begin like an array in this format. */
  static boolean begins(ByteSource bytes) {
    return bytes.size() >= MAGIC.length && Arrays.equals(bytes.bytes(0, MAGIC.length), MAGIC);
  }

  /**
   * The array that the bytes hold.
   *
   * @param file the name of the file in messages
   * @param name the name of the tensor; empty if the file has no other
   * @throws InvalidInputException naming both, if anything is not as the format demands
   */
  static FileTensor tensor(String file, String name, ByteSource bytes) {
    Origin origin = new Origin(file, name, bytes);
    if (!begins(bytes)) {
      throw refused(origin, "magic", "an array that begins with \\x93NUMPY", "other bytes");
    }
    int lengthAt = MAGIC.length + 2;
    if (bytes.size() < lengthAt + 4) {
      throw refused(origin, "header", "its length", "a file of %d bytes".formatted(bytes.size()));
    }
    ByteBuffer start = bytes.from(MAGIC.length);
    int version = Byte.toUnsignedInt(start.get(0));
    if (version < 1 || version > 3) {
      throw refused(origin, "version", "1, 2 or 3", "" + version);
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    long length =
        version == 1
            ? Short.toUnsignedLong(start.getShort(2))
            : Integer.toUnsignedLong(start.getInt(2));
    long dataAt = lengthAt + lengthBytes + length;
    if (length > MAX_HEADER_BYTES || dataAt > bytes.size()) {
      throw refused(
          origin,
          "header",
          "at most %d bytes, and at most the %d that follow"
              .formatted(MAX_HEADER_BYTES, bytes.size() - lengthAt - lengthBytes),
          length + " bytes (cut short?)");
    }
    byte[] header = bytes.bytes(lengthAt + lengthBytes, (int) length);
    PythonHeader fields =
        PythonHeader.parse(
            (expected, came) -> refused(origin, "header", expected, came),
            new String(
                header, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
    ElementType type = type(origin, fields.descr());
    ByteSource data = bytes.part(dataAt, bytes.size() - dataAt);
    Origin placed = new Origin(file, name, data);
    FileTensor tensor =
        fields.fortranOrder()
            ? FileTensor.columnMajor(placed, type, fields.shape())
            : FileTensor.rowMajor(placed, type, fields.shape());
    long expected = tensor.elements() * (type.bits() / Byte.SIZE);
    if (expected != data.size()) {
      throw refused(
          origin,
          "shape",
          "elements that fill the %d bytes behind the header".formatted(data.size()),
          "%s of %s, which take %d".formatted(fields.shape(), type, expected));
    }
    return tensor;
  }

  private static ElementType type(Origin origin, String descr) {
    return switch (descr) {
      case "|b1" -> ElementType.BOOL;
      case "|u1", "|V1", "<V1" -> ElementType.U8;
      case "|i1" -> ElementType.I8;
      case "<u2", "|V2", "<V2" -> ElementType.U16;
      case "<i2" -> ElementType.I16;
      case "<f2" -> ElementType.F16;
      case "<u4" -> ElementType.U32;
      case "<i4" -> ElementType.I32;
      case "<f4" -> ElementType.F32;
      case "<u8" -> ElementType.U64;
      case "<i8" -> ElementType.I64;
      case "<f8" -> ElementType.F64;
      default ->
          throw refused(
              origin,
              "dtype",
              "<f8, <f4, <f2, |b1, or an integer of 1 to 8 bytes, little-endian",
              shown(descr));
    };
  }

  private static String shown(String descr) {
    List<String> known = List.of("|O", "O");
    String line = descr.replaceAll("[^\\x20-\\x7e]", "?");
    String cut = line.length() <= 60 ? line : line.substring(0, 60) + "…";
    return known.contains(descr) ? cut + ", objects that only Python can make" : cut;
  }

  private static InvalidInputException refused(
      Origin origin, String field, String expected, String came) {
    String tensor =
        origin.name().isEmpty() ? "" : "tensor " + JsonObject.oneLine(origin.name()) + ": ";
    return new InvalidInputException(
        "%s: %s%s: expected %s, got %s".formatted(origin.file(), tensor, field, expected, came));
  }
}

package dev.helix.tensor.io;

import dev.helix.tensor.InvalidInputException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file. The file begins with the header's length, in eight
 * little-endian bytes. Then follows the header, in JSON: dtype, shape and position of each tensor
 * in the data that follow it.
 *
 * <p>Reading checks all of it against the size of the file. The tensors must follow each other
 * without overlap or gap from the first byte of the data to the last, as the format demands.
 *
 * @param tensors by name, in the header's order
 * @param metadata free text of the file, {@code __metadata__}
 * @param dataStart offset in the file of the first byte of the data
 */
record SafetensorsHeader(
    Map<String, StoredTensor> tensors, Map<String, String> metadata, long dataStart) {
  /** The longest header that is accepted; the reference implementation has the same limit. */
  static final int MAX_BYTES = 100_000_000;

  static final String METADATA = "__metadata__";
  private static final int LENGTH_BYTES = 8;

  SafetensorsHeader {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads and checks the header.
   *
   * @param file the name of the file in messages
   * @throws InvalidInputException if anything is not as the format demands
   */
  static SafetensorsHeader read(String file, ByteSource bytes) {
    byte[] json = json(file, bytes);
    JsonObject header = JsonObject.parse(file, json);
    long dataStart = LENGTH_BYTES + (long) json.length;
    long dataBytes = bytes.size() - dataStart;
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String name : header.names()) {
      if (name.equals(METADATA)) {
        JsonObject entries = header.object(name);
        entries.names().forEach(key -> metadata.put(key, entries.text(key)));
      } else {
        JsonObject entry = header.object(name, "tensor " + JsonObject.quoted(name) + ": ");
        tensors.put(name, tensor(name, entry, dataBytes));
      }
    }
    requireCovered(file, List.copyOf(tensors.values()), dataBytes);
    return new SafetensorsHeader(tensors, metadata, dataStart);
  }

  private static byte[] json(String file, ByteSource bytes) {
    if (bytes.size() < LENGTH_BYTES) {
      throw new InvalidInputException(
          "%s: expected %d bytes of header length, got a file of %d bytes"
              .formatted(file, LENGTH_BYTES, bytes.size()));
    }
    long length = bytes.from(0).getLong();
    if (length < 0 || length > MAX_BYTES) {
      throw new InvalidInputException(
          "%s: header length: expected at most %d bytes, got %s (is it a safetensors file?)"
              .formatted(file, MAX_BYTES, Long.toUnsignedString(length)));
    }
    if (length > bytes.size() - LENGTH_BYTES) {
      throw new InvalidInputException(
          "%s: header length: expected at most the %d bytes that follow, got %d (cut short?)"
              .formatted(file, bytes.size() - LENGTH_BYTES, length));
    }
    byte[] json = bytes.bytes(LENGTH_BYTES, (int) length);
    if (json.length == 0 || json[0] != '{') {
      throw new InvalidInputException(
          file + ": header: expected a JSON object that begins with '{' at byte 8");
    }
    return json;
  }

  private static StoredTensor tensor(String name, JsonObject entry, long dataBytes) {
    String typeName = entry.text("dtype");
    ElementType type =
        ElementType.named(typeName)
            .orElseThrow(() -> entry.unexpected("dtype", "one of " + ElementType.allNames()));
    List<Long> shape = entry.sizes("shape");
    List<Long> offsets = entry.sizes("data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw entry.unexpected("data_offsets", "[begin, end] with begin <= end");
    }
    StoredTensor tensor = new StoredTensor(name, type, shape, offsets.get(0), offsets.get(1));
    if (tensor.end() > dataBytes) {
      throw entry.unexpected(
          "data_offsets",
          "an end of at most %d, the bytes of data in the file".formatted(dataBytes));
    }
    long bytes = bytes(tensor, entry);
    if (tensor.end() - tensor.begin() != bytes) {
      throw entry.unexpected(
          "data_offsets", "%d bytes for %s".formatted(bytes, tensor.described()));
    }
    return tensor;
  }

  private static long bytes(StoredTensor tensor, JsonObject entry) {
    try {
      long bits = Math.multiplyExact(tensor.elements(), (long) tensor.type().bits());
      if (bits % Byte.SIZE != 0) {
        throw entry.unexpected("shape", "whole bytes of " + tensor.type());
      }
      return bits / Byte.SIZE;
    } catch (ArithmeticException e) {
      throw entry.unexpected("shape", "a size in bits below 2^63 of " + tensor.type());
    }
  }

  private static void requireCovered(String file, List<StoredTensor> tensors, long dataBytes) {
    long covered = 0;
    String last = "the header";
    List<StoredTensor> inOrder =
        tensors.stream()
            .sorted(Comparator.comparing(StoredTensor::begin).thenComparing(StoredTensor::end))
            .toList();
    for (StoredTensor tensor : inOrder) {
      String name = "tensor " + JsonObject.quoted(tensor.name());
      if (tensor.begin() != covered) {
        throw new InvalidInputException(
            "%s: %s: data_offsets: expected to begin at %d, where %s ends, got %d (%s)"
                .formatted(
                    file,
                    name,
                    covered,
                    last,
                    tensor.begin(),
                    tensor.begin() < covered ? "an overlap" : "a gap"));
      }
      covered = tensor.end();
      last = name;
    }
    if (covered != dataBytes) {
      throw new InvalidInputException(
          "%s: expected the data to end at %d, where %s ends, got %d bytes of data"
              .formatted(file, covered, last, dataBytes));
    }
  }
}

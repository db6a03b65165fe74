package dev.helix.tensor.io;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntToLongFunction;

/**
 * Collects tensors and writes them as one safetensors file. The same tensors and metadata give the
 * same bytes, in whatever order they were added, because tensors are sorted as in the reference
 * implementation: by type, widest first, then by name.
 *
 * <p>Not for use by several threads.
 */
public final class SafetensorsWriter {
  private static final int HEADER_ALIGNMENT = 8;
  private static final int CHUNK_BYTES = 1 << 16;

  private final Map<String, String> metadata = new TreeMap<>();
  private final Map<String, Entry> tensors = new TreeMap<>();

  /**
   * A tensor to be written.
   *
   * @param codes the bits of each element
   */
  private record Entry(
      String name, Type type, List<Integer> shape, int elements, IntToLongFunction codes) {}

  /**
   * A type of elements.
   *
   * @param order place among all types in the file, by which none straddles the end of a chunk
   */
  private record Type(String name, int bytes, int order) {
    static final Type I64 = new Type("I64", Long.BYTES, -1);

    /** Bytes come last, since their order in a file is that of widths. */
    static Type ofBytes(ElementType type) {
      return new Type(
          type.name(),
          Byte.BYTES,
          DType.values().length + List.of(ElementType.values()).indexOf(type));
    }

    static Type of(DType dtype) {
      return new Type(dtype.name(), dtype.bytes(), List.of(DType.values()).indexOf(dtype));
    }
  }

  /**
   * Adds free text to the file's {@code __metadata__}; a second value for a key replaces the first.
   */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(requireUnicode(key), requireUnicode(value));
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param dtype the number format to store; numbers are rounded as {@link DType#round} does
   * @param shape sizes from the outermost axis on
   * @param numbers row-major; not copied, so they must not change until the file is written
   * @throws IllegalArgumentException if the name is taken or is no Unicode text, if shape and
   *     numbers do not agree, or if the format is one that is stored with scales
   */
  public SafetensorsWriter tensor(String name, DType dtype, List<Integer> shape, double[] numbers) {
    if (!ElementType.isReadable(dtype)) {
      throw new IllegalArgumentException(
          "tensor %s: expected dtype %s, got %s"
              .formatted(name, ElementType.readableNames(), dtype.name()));
    }
    return add(
        new Entry(
            name,
            Type.of(dtype),
            List.copyOf(shape),
            numbers.length,
            at -> dtype.encode(numbers[at])));
  }

  /**
   * Adds a tensor of integers of 64 bits.
   *
   * @param shape sizes from the outermost axis on
   * @param integers row-major; not copied, so they must not change until the file is written
   * @throws IllegalArgumentException if the name is taken or is no Unicode text, or if shape and
   *     integers do not agree
   */
  public SafetensorsWriter integers(String name, List<Integer> shape, long[] integers) {
    return add(new Entry(name, Type.I64, List.copyOf(shape), integers.length, at -> integers[at]));
  }

  /**
   * Adds a tensor of given bits, which need not be those of a number: another quantity may be
   * packed beside the numbers.
   *
   * @param dtype the number format that the tensor is said to have
   * @param shape sizes from the outermost axis on
   * @param codes row-major, each in the low bits; not copied, so they must not change until the
   *     file is written
   * @throws IllegalArgumentException if the name is taken or is no Unicode text, or if shape and
   *     codes do not agree
   */
  public SafetensorsWriter codes(String name, DType dtype, List<Integer> shape, long[] codes) {
    return add(new Entry(name, Type.of(dtype), List.copyOf(shape), codes.length, at -> codes[at]));
  }

  /**
   * Adds a tensor of elements of 8 bits.
   *
   * @param type {@link ElementType#U8}, or a number format of 8 bits
   * @param shape sizes from the outermost axis on
   * @param bytes row-major; not copied, so they must not change until the file is written
   * @throws IllegalArgumentException if the type has other elements, if the name is taken or is no
   *     Unicode text, or if shape and bytes do not agree
   */
  public SafetensorsWriter bytes(String name, ElementType type, List<Integer> shape, byte[] bytes) {
    if (type.bits() != Byte.SIZE) {
      throw new IllegalArgumentException(
          "tensor %s: expected a type of 8 bits, got %s".formatted(name, type));
    }
    return add(
        new Entry(
            name, Type.ofBytes(type), List.copyOf(shape), bytes.length, at -> bytes[at] & 0xff));
  }

  private SafetensorsWriter add(Entry entry) {
    String name = requireUnicode(entry.name);
    if (!hasElements(entry.shape, entry.elements)) {
      throw new IllegalArgumentException(
          "tensor %s: expected as many numbers as shape %s has, got %d"
              .formatted(name, entry.shape, entry.elements));
    }
    if (name.equals(SafetensorsHeader.METADATA) || tensors.putIfAbsent(name, entry) != null) {
      throw new IllegalArgumentException("tensor name " + name + " is taken");
    }
    return this;
  }

  /**
   * Writes the file, and replaces one that exists. The bytes go to a file of another name beside
   * it, which is renamed when it is complete. So nobody ever sees a part of the file.
   *
   * @throws InvalidInputException naming the file if it cannot be written; nothing is left behind
   */
  public void write(Path file) {
    Path partial = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      writeAndForce(partial);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteAfter(e, partial);
      throw InputFile.unwritable(file, e);
    } catch (RuntimeException | Error e) {
      deleteAfter(e, partial);
      throw e;
    }
  }

  private void writeAndForce(Path partial) throws IOException {
    try (FileChannel channel =
            FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      writeTo(out);
      channel.force(true);
    }
  }

  private static void deleteAfter(Throwable failure, Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Writes the bytes of the file, and leaves {@code out} open. */
  public void writeTo(OutputStream out) throws IOException {
    List<Entry> inOrder =
        tensors.values().stream()
            .sorted(
                Comparator.comparing((Entry entry) -> entry.type.order)
                    .thenComparing(entry -> entry.name))
            .toList();
    byte[] header = header(inOrder);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    // The widest elements come first, so that none straddles the end of a chunk.
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Entry entry : inOrder) {
      for (int at = 0; at < entry.elements; at++) {
        put(chunk, entry.type.bytes, entry.codes.applyAsLong(at));
        if (!chunk.hasRemaining()) {
          out.write(chunk.array());
          chunk.clear();
        }
      }
    }
    out.write(chunk.array(), 0, chunk.position());
    out.flush();
  }

  private static void put(ByteBuffer chunk, int bytes, long element) {
    switch (bytes) {
      case 1 -> chunk.put((byte) element);
      case 2 -> chunk.putShort((short) element);
      case 4 -> chunk.putInt((int) element);
      case 8 -> chunk.putLong(element);
      default -> throw new AssertionError("no dtype has " + bytes + " bytes");
    }
  }

  private byte[] header(List<Entry> inOrder) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
      metadata.forEach(texts::put);
    }
    long begin = 0;
    for (Entry entry : inOrder) {
      long end = begin + (long) entry.elements * entry.type.bytes;
      ObjectNode node = header.putObject(entry.name).put("dtype", entry.type.name);
      ArrayNode shape = node.putArray("shape");
      entry.shape.forEach(shape::add);
      node.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    byte[] aligned = Arrays.copyOf(json, padded);
    Arrays.fill(aligned, json.length, padded, (byte) ' ');
    return aligned;
  }

  private static String requireUnicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("half of a surrogate pair in " + text);
    }
    return text;
  }

  private static boolean hasElements(List<Integer> shape, int elements) {
    BigInteger product =
        shape.stream()
            .map(size -> BigInteger.valueOf(size))
            .reduce(BigInteger.ONE, BigInteger::multiply);
    return shape.stream().allMatch(size -> size >= 0)
        && product.equals(BigInteger.valueOf(elements));
  }
}

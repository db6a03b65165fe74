package dev.helix.tensor.io;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file, open for reading. The header is read and checked when it is opened; numbers
 * are converted when they are asked for, and only those. Threads may read at the same time.
 *
 * <p>Tensors in the formats of {@link DType} can be read. Those of type F8_E4M3 have a method of
 * their own, as they mean nothing without their scales. Only name and shape of all other tensors
 * are known. The file must not be changed while it is open.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The format</a>
 */
public final class SafetensorsFile implements Closeable {
  /** About the longest array that a JVM can make. */
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private final String name;
  private final ByteSource bytes;
  private final SafetensorsHeader header;
  private volatile boolean closed;

  private SafetensorsFile(String name, ByteSource bytes) {
    this.name = name;
    this.bytes = bytes;
    this.header = SafetensorsHeader.read(name, bytes);
  }

  /**
   * Opens a file of any size.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static SafetensorsFile open(Path file) {
    return open(file, MappedBytes.WINDOW_BITS);
  }

  /**
   * Opens a file in windows of 2^{@code windowBits} bytes, so that tests can put seams into small
   * files.
   */
  static SafetensorsFile open(Path file, int windowBits) {
    ByteSource bytes = MappedBytes.open(file, windowBits);
    try {
      return new SafetensorsFile(file.toString(), bytes);
    } catch (InvalidInputException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Reads safetensors from memory.
   *
   * @param name what messages call the file
   * @param content the bytes from its position to its limit. They are not copied, so they must not
   *     be changed
   */
  public static SafetensorsFile of(String name, ByteBuffer content) {
    return new SafetensorsFile(name, ByteSource.of(content));
  }

  /**
   * Reads safetensors from bytes of any kind, which are closed with the file.
   *
   * @param name what messages call the file
   */
  public static SafetensorsFile of(String name, ByteSource content) {
    return new SafetensorsFile(name, content);
  }

  /** The name of the file in messages. */
  public String name() {
    return name;
  }

  /** The names of all tensors, in the header's order. */
  public Set<String> names() {
    return header.tensors().keySet();
  }

  public boolean has(String tensor) {
    return header.tensors().containsKey(tensor);
  }

  /**
   * The number format in which a tensor is stored.
   *
   * @throws InvalidInputException if there is no such tensor, or its type cannot be read
   */
  public DType dtype(String tensor) {
    StoredTensor stored = stored(tensor);
    return stored
        .type()
        .readable()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: tensor %s: dtype: expected one of %s, got %s"
                        .formatted(
                            name,
                            JsonObject.quoted(tensor),
                            ElementType.readableNames(),
                            stored.type())));
  }

  /** Whether a tensor is of a type, which has the name that the format gives it: {@code "U8"}. */
  public boolean isType(String tensor, String type) {
    return stored(tensor).type().name().equals(type);
  }

  /**
   * Some bytes of a tensor whose elements are bytes, as they are stored.
   *
   * @param from the first element
   */
  public byte[] readBytes(String tensor, long from, int count) {
    StoredTensor stored = stored(tensor);
    if (stored.type().bits() != Byte.SIZE) {
      throw new InvalidInputException(
          "%s: tensor %s: expected elements of 8 bits, got %s"
              .formatted(name, JsonObject.quoted(tensor), stored.described()));
    }
    if (from < 0 || count < 0 || from + count > stored.elements()) {
      throw new IllegalArgumentException(
          "%s: bytes %d to %d of tensor %s".formatted(name, from, from + count, tensor));
    }
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    return bytes.bytes(header.dataStart() + stored.begin() + from, count);
  }

  /** Whether a tensor is of type F8_E4M3, which {@link #readFloat8} reads. */
  public boolean isFloat8(String tensor) {
    return stored(tensor).type() == ElementType.F8_E4M3;
  }

  /** The sizes of a tensor's axes from the outermost on; empty for a scalar. */
  public List<Long> shape(String tensor) {
    return stored(tensor).shape();
  }

  /** The file's metadata: free text, by key. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * A tensor of any type, whose elements are read when they are asked for, while the file is open.
   *
   * @throws InvalidInputException if there is no such tensor
   */
  public FileTensor tensor(String tensor) {
    StoredTensor stored = stored(tensor);
    ByteSource data =
        bytes.part(header.dataStart() + stored.begin(), stored.end() - stored.begin());
    return FileTensor.rowMajor(
        new FileTensor.Origin(name, tensor, data), stored.type(), stored.shape());
  }

  /** All numbers of a tensor, row-major. */
  public double[] read(String tensor) {
    StoredTensor stored = stored(tensor);
    double[] numbers = array(stored, stored.elements());
    convert(stored, 0, numbers, 0, numbers.length);
    return numbers;
  }

  /** The elements {@code [from, to)} of a tensor of one axis. */
  public double[] readRows(String tensor, long from, long to) {
    StoredTensor stored = requireAxes(tensor, 1);
    requireRange(stored, 0, from, to);
    double[] numbers = array(stored, to - from);
    convert(stored, from, numbers, 0, numbers.length);
    return numbers;
  }

  /**
   * A block of a tensor of two axes, row-major: the rows {@code [rowFrom, rowTo)}, and of each row
   * the columns {@code [columnFrom, columnTo)}.
   */
  public double[] read(String tensor, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    StoredTensor stored = requireAxes(tensor, 2);
    requireRange(stored, 0, rowFrom, rowTo);
    requireRange(stored, 1, columnFrom, columnTo);
    long rows = rowTo - rowFrom;
    long columns = columnTo - columnFrom;
    if (rows == 0 || columns == 0) {
      return new double[0];
    }
    double[] numbers =
        array(stored, columns > MAX_ELEMENTS / rows ? Long.MAX_VALUE : rows * columns);
    long rowElements = stored.shape().get(1);
    for (int row = 0; row < rows; row++) {
      long first = (rowFrom + row) * rowElements + columnFrom;
      convert(stored, first, numbers, row * (int) columns, (int) columns);
    }
    return numbers;
  }

  /**
   * A block of a tensor of two axes of type F8_E4M3, row-major. The numbers are those stored,
   * without any scale.
   */
  public double[] readFloat8(
      String tensor, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    StoredTensor stored = requireAxes(tensor, 2);
    if (!isFloat8(tensor)) {
      throw new InvalidInputException(
          "%s: tensor %s: expected F8_E4M3, got %s"
              .formatted(name, JsonObject.quoted(tensor), stored.described()));
    }
    requireRange(stored, 0, rowFrom, rowTo);
    requireRange(stored, 1, columnFrom, columnTo);
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    int columns = Math.toIntExact(columnTo - columnFrom);
    double[] numbers = new double[Math.toIntExact((rowTo - rowFrom) * columns)];
    for (int at = 0; at < numbers.length; ) {
      long row = rowFrom + at / columns;
      long column = columnFrom + at % columns;
      long position = header.dataStart() + stored.begin() + row * stored.shape().get(1) + column;
      ByteBuffer view = bytes.from(position);
      int here = (int) Math.min(view.remaining(), columnTo - column);
      for (int i = 0; i < here; i++) {
        numbers[at++] = DType.FP8.decode(view.get());
      }
    }
    return numbers;
  }

  /** Closes the file. Nothing can be read afterwards. */
  @Override
  public void close() {
    closed = true;
    bytes.close();
  }

  /** Converts {@code count} elements from the {@code first}-th on. */
  private void convert(StoredTensor tensor, long first, double[] into, int at, int count) {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    DType dtype = dtype(tensor.name());
    long position = header.dataStart() + tensor.begin() + first * dtype.bytes();
    for (int done = 0; done < count; ) {
      ByteBuffer view = bytes.from(position + (long) done * dtype.bytes());
      int here = Math.min(view.remaining() / dtype.bytes(), count - done);
      if (dtype.bytes() == Short.BYTES) {
        double[] numbers = CodeTables.of(tensor.type().format().orElseThrow());
        convert(view.asShortBuffer(), numbers, into, at + done, here);
      } else {
        for (int i = 0; i < here; i++) {
          into[at + done + i] = dtype.decode(element(view, dtype.bytes()));
        }
      }
      done += here;
    }
  }

  private static void convert(
      ShortBuffer codes, double[] numbers, double[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = numbers[Short.toUnsignedInt(codes.get(i))];
    }
  }

  private static long element(ByteBuffer view, int elementBytes) {
    return switch (elementBytes) {
      case 4 -> view.getInt();
      case 8 -> view.getLong();
      default -> throw new AssertionError("no dtype has " + elementBytes + " bytes");
    };
  }

  private StoredTensor stored(String tensor) {
    StoredTensor stored = header.tensors().get(tensor);
    if (stored == null) {
      throw new InvalidInputException(
          "%s: no tensor %s".formatted(name, JsonObject.quoted(tensor)));
    }
    return stored;
  }

  private double[] array(StoredTensor tensor, long elements) {
    dtype(tensor.name());
    if (elements > MAX_ELEMENTS) {
      throw new InvalidInputException(
          "%s: tensor %s: expected at most %d elements to be read at once, got %s"
              .formatted(name, JsonObject.quoted(tensor.name()), MAX_ELEMENTS, tensor.described()));
    }
    return new double[(int) elements];
  }

  private StoredTensor requireAxes(String tensor, int axes) {
    StoredTensor stored = stored(tensor);
    if (stored.shape().size() != axes) {
      throw new InvalidInputException(
          "%s: tensor %s: expected %d axes, got shape %s"
              .formatted(name, JsonObject.quoted(tensor), axes, stored.shape()));
    }
    return stored;
  }

  private static void requireRange(StoredTensor tensor, int axis, long from, long to) {
    long size = tensor.shape().get(axis);
    if (from < 0 || from > to || to > size) {
      throw new IllegalArgumentException(
          "[%d, %d) of axis %d of %s %s is not within [0, %d)"
              .formatted(from, to, axis, tensor.name(), tensor.described(), size));
    }
  }
}

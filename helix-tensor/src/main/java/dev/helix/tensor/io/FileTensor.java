package dev.helix.tensor.io;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.FloatFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor of a file, or a view of one. Elements are read when they are asked for; nothing is kept.
 * Where the file is mapped, no part of a large tensor is ever on the heap beyond the block that is
 * asked for. Threads may read at the same time, as long as the file is open.
 *
 * <p>Elements are counted in row-major order of the shape, however they lie in the file.
 */
public final class FileTensor {
  /** About the longest array that a JVM can make. */
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /**
   * How many elements a tensor may have for each element of its storage. A tensor that is expanded
   * over an axis has more elements than its storage, and a file of a few bytes could claim 2^60.
   */
  private static final long MAX_EXPANSION = 1 << 10;

  private final Origin origin;
  private final ElementType type;
  private final Strided layout;
  private final long elements;

  /**
   * Where a tensor comes from.
   *
   * @param file the name of the file in messages
   * @param name the name of the tensor in the file; empty if the file has but one without a name
   * @param data the storage, whose first byte is that of element 0
   */
  public record Origin(String file, String name, ByteSource data) {}

  private FileTensor(Origin origin, ElementType type, Strided layout) {
    this.origin = origin;
    this.type = type;
    this.layout = layout;
    this.elements = layout.elements();
  }

  /**
   * A tensor whose elements lie in row-major order from the first byte of its storage on.
   *
   * @throws InvalidInputException naming file and tensor, if the storage is too short
   */
  public static FileTensor rowMajor(Origin origin, ElementType type, List<Long> shape) {
    return checked(origin, type, () -> Strided.rowMajor(shape));
  }

  /** A tensor whose elements are in column-major order, as Fortran keeps arrays. */
  public static FileTensor columnMajor(Origin origin, ElementType type, List<Long> shape) {
    return checked(origin, type, () -> Strided.columnMajor(shape));
  }

  /**
   * A tensor with stated strides.
   *
   * @param strides the distance from one index of an axis to the next, in elements
   * @param offset the place of the first element in the storage, in elements
   * @throws InvalidInputException naming file and tensor, if an element lies outside the storage
   */
  public static FileTensor strided(
      Origin origin, ElementType type, List<Long> shape, List<Long> strides, long offset) {
    if (shape.size() != strides.size()) {
      throw fault(
          origin,
          "strides",
          "a stride for each of the %d axes".formatted(shape.size()),
          strides.size() + " strides");
    }
    if (offset < 0 || strides.stream().anyMatch(stride -> stride < 0)) {
      throw fault(
          origin,
          "strides",
          "an offset and strides from 0 up",
          "offset %d, strides %s".formatted(offset, strides));
    }
    return checked(origin, type, () -> new Strided(shape, strides, offset));
  }

  private static FileTensor checked(Origin origin, ElementType type, Supplier<Strided> made) {
    Strided layout;
    long neededBits = 0;
    try {
      layout = made.get();
      if (layout.elements() > 0) {
        neededBits = Math.multiplyExact(Math.addExact(layout.last(), 1L), (long) type.bits());
      }
    } catch (ArithmeticException e) {
      throw fault(origin, "shape", "a size in bits below 2^63", "more");
    }
    long needed = neededBits / Byte.SIZE + (neededBits % Byte.SIZE == 0 ? 0 : 1);
    long stored = origin.data().size();
    if (needed > stored) {
      throw fault(
          origin,
          "strides",
          "elements within the %d bytes of its storage".formatted(stored),
          "shape %s, strides %s and offset %d of %s, which reach byte %d"
              .formatted(layout.shape(), layout.strides(), layout.offset(), type, needed));
    }
    long storedElements = Math.max(1, stored * Byte.SIZE / type.bits());
    if (layout.elements() / MAX_EXPANSION > storedElements) {
      throw fault(
          origin,
          "shape",
          "at most %d elements for each of the storage's %d"
              .formatted(MAX_EXPANSION, storedElements),
          layout.shape().toString());
    }
    return new FileTensor(origin, type, layout);
  }

  private static InvalidInputException fault(
      Origin origin, String field, String expected, String came) {
    return new InvalidInputException(
        "%s: %s: expected %s, got %s".formatted(described(origin), field, expected, came));
  }

  private static String described(Origin origin) {
    return origin.name().isEmpty()
        ? origin.file()
        : "%s: tensor %s".formatted(origin.file(), JsonObject.oneLine(origin.name()));
  }

  /** File and name, for messages. */
  public String described() {
    return described(origin);
  }

  /** The name of the file in messages. */
  public String file() {
    return origin.file();
  }

  /** The name of the tensor in its file; empty if it has none. */
  public String name() {
    return origin.name();
  }

  /** The type of the elements. */
  public ElementType type() {
    return type;
  }

  /** The sizes of the axes from the outermost on; empty for a scalar. */
  public List<Long> shape() {
    return layout.shape();
  }

  /** The distance in the storage from one index of each axis to the next, in elements. */
  public List<Long> strides() {
    return layout.strides();
  }

  /** The place of the first element in the storage, in elements. */
  public long offset() {
    return layout.offset();
  }

  /** Number of axes. */
  public int axes() {
    return layout.shape().size();
  }

  /** The size of an axis, which is counted from the outermost on. */
  public long size(int axis) {
    return layout.shape().get(axis);
  }

  /** Number of elements. */
  public long elements() {
    return elements;
  }

  /** The number at an index, exactly. */
  public double number(long... index) {
    FloatFormat format = requireNumbers();
    return format.decode(code(layout.at(index)));
  }

  /** All numbers, row-major. */
  public double[] numbers() {
    double[] numbers = new double[count(elements)];
    numbers(0, numbers, 0, numbers.length);
    return numbers;
  }

  /**
   * Reads the {@code count} numbers from the {@code first}-th on, in row-major order, into a part
   * of an array.
   *
   * @throws InvalidInputException if elements are no floating-point numbers
   */
  public void numbers(long first, double[] into, int at, int count) {
    FloatFormat format = requireNumbers();
    eachRun(first, count, (view, done, here) -> decode(format, view, into, at + done, here));
  }

  /** The integer at an index. A Boolean is 0 or 1. */
  public long integer(long... index) {
    requireIntegers();
    return integerOf(code(layout.at(index)));
  }

  /** All integers, row-major. */
  public long[] integers() {
    long[] integers = new long[count(elements)];
    integers(0, integers, 0, integers.length);
    return integers;
  }

  /**
   * Reads the {@code count} integers from the {@code first}-th on, in row-major order, into a part
   * of an array.
   *
   * @throws InvalidInputException if elements are no integers, or one does not fit a {@code long}
   */
  public void integers(long first, long[] into, int at, int count) {
    requireIntegers();
    eachRun(
        first,
        count,
        (view, done, here) -> {
          for (int i = 0; i < here; i++) {
            into[at + done + i] = integerOf(code(view, i));
          }
        });
  }

  /**
   * The bits of the {@code count} elements from the {@code first}-th on, in row-major order, little
   * endian and without gaps.
   */
  public byte[] bytes(long first, int count) {
    int width = requireWholeBytes();
    byte[] bytes = new byte[Math.multiplyExact(count, width)];
    eachRun(first, count, (view, done, here) -> view.get(bytes, done * width, here * width));
    return bytes;
  }

  /** The part at one index of an axis, which is gone in the result. */
  public FileTensor slice(int axis, long index) {
    return new FileTensor(origin, type, layout.slice(axis, index));
  }

  /** The part at the indices {@code [from, to)} of an axis. */
  public FileTensor range(int axis, long from, long to) {
    return new FileTensor(origin, type, layout.range(axis, from, to));
  }

  /** The same elements with the axes in another order: axis i of the result is {@code order[i]}. */
  public FileTensor permuted(int... order) {
    return new FileTensor(origin, type, layout.permuted(order));
  }

  /** One axis seen as two, of which the inner one has {@code inner} indices and divides it. */
  public FileTensor split(int axis, long inner) {
    return new FileTensor(origin, type, layout.split(axis, inner));
  }

  /**
   * The same bits read as another type of the same width: bytes as E4M3, integers of 16 bits as
   * BF16.
   *
   * @throws InvalidInputException if the widths differ
   */
  public FileTensor as(ElementType other) {
    if (other.bits() != type.bits()) {
      throw fault(
          origin,
          "dtype",
          "a type of %d bits, since the file has %s".formatted(type.bits(), type),
          other.toString());
    }
    return new FileTensor(origin, other, layout);
  }

  /** File, name, type and shape: {@code rank0.pt: tensor q: BF16[4, 12, 64]}. */
  @Override
  public String toString() {
    return "%s: %s%s".formatted(described(), type, shape());
  }

  /** Reads elements that begin at a view's position and lie together. */
  private interface RunReader {
    void read(ByteBuffer view, int done, int here);
  }

  /** Hands out the elements of a range in pieces that lie together. */
  private void eachRun(long first, int count, RunReader reader) {
    if (first < 0 || count < 0 || count > elements - first) {
      throw new IndexOutOfBoundsException(
          "%d elements from %d on of %s".formatted(count, first, this));
    }
    int width = requireWholeBytes();
    long run = layout.run();
    long step = layout.step();
    for (int done = 0; done < count; ) {
      long next = first + done;
      int here = (int) Math.min(run - next % run, count - done);
      long at = layout.atNumber(next);
      if (step == 1) {
        ByteBuffer view = origin.data().from(at * width);
        here = Math.min(here, view.remaining() / width);
        reader.read(view, done, here);
      } else {
        for (int i = 0; i < here; i++) {
          reader.read(origin.data().from((at + i * step) * width), done + i, 1);
        }
      }
      done += here;
    }
  }

  private void decode(FloatFormat format, ByteBuffer view, double[] into, int at, int count) {
    switch (format) {
      case F64 -> view.asDoubleBuffer().get(into, at, count);
      case F32 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = view.getFloat(i * Float.BYTES);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = Float.intBitsToFloat(view.getShort(i * Short.BYTES) << Short.SIZE);
        }
      }
      default -> {
        double[] numbers = CodeTables.of(format);
        for (int i = 0; i < count; i++) {
          into[at + i] = numbers[(int) code(view, i)];
        }
      }
    }
  }

  private long code(long place) {
    return code(origin.data().from(place * requireWholeBytes()), 0);
  }

  private long code(ByteBuffer view, int element) {
    return switch (type.bits()) {
      case 8 -> Byte.toUnsignedLong(view.get(element));
      case 16 -> Short.toUnsignedLong(view.getShort(element * Short.BYTES));
      case 32 -> Integer.toUnsignedLong(view.getInt(element * Integer.BYTES));
      case 64 -> view.getLong(element * Long.BYTES);
      default -> throw new AssertionError(type);
    };
  }

  private long integerOf(long code) {
    try {
      return type.integer(code);
    } catch (ArithmeticException e) {
      throw fault(origin, "an element", "an integer below 2^63", Long.toUnsignedString(code));
    }
  }

  private FloatFormat requireNumbers() {
    return type.format()
        .orElseThrow(() -> fault(origin, "dtype", "floating-point numbers", type.toString()));
  }

  private void requireIntegers() {
    if (!type.isInteger()) {
      throw fault(origin, "dtype", "integers", type.toString());
    }
  }

  private int requireWholeBytes() {
    if (type.bits() % Byte.SIZE != 0) {
      throw fault(origin, "dtype", "elements of whole bytes", type.toString());
    }
    return type.bits() / Byte.SIZE;
  }

  private int count(long wanted) {
    if (wanted > MAX_ELEMENTS) {
      throw fault(
          origin,
          "shape",
          "at most %d elements to be read at once".formatted(MAX_ELEMENTS),
          shape().toString());
    }
    return (int) wanted;
  }
}

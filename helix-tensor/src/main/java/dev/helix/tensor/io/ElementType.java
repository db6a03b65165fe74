package dev.helix.tensor.io;

import dev.helix.tensor.DType;
import dev.helix.tensor.formats.FloatFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types that elements of a tensor in a file can have. Names are those of the safetensors
 * format, and files of other formats are read into them. All are known, so that the length of every
 * tensor can be checked; elements are read if they are {@link #isNumber numbers} or {@link
 * #isInteger integers}.
 */
public enum ElementType {
  BOOL(8, Kind.UNSIGNED),
  F4(4, Kind.OTHER),
  F6_E2M3(6, Kind.OTHER),
  F6_E3M2(6, Kind.OTHER),
  U8(8, Kind.UNSIGNED),
  I8(8, Kind.SIGNED),
  F8_E5M2(FloatFormat.E5M2, Optional.empty()),
  F8_E4M3(FloatFormat.E4M3, Optional.empty()),
  F8_E8M0(8, Kind.OTHER),
  I16(16, Kind.SIGNED),
  U16(16, Kind.UNSIGNED),
  F16(FloatFormat.F16, Optional.of(DType.F16)),
  BF16(FloatFormat.BF16, Optional.of(DType.BF16)),
  I32(32, Kind.SIGNED),
  U32(32, Kind.UNSIGNED),
  F32(FloatFormat.F32, Optional.of(DType.F32)),
  C64(64, Kind.OTHER),
  F64(FloatFormat.F64, Optional.of(DType.F64)),
  I64(64, Kind.SIGNED),
  U64(64, Kind.UNSIGNED);

  private enum Kind {
    SIGNED,
    UNSIGNED,
    FLOATING,
    OTHER
  }

  private final int bits;
  private final Kind kind;
  private final Optional<FloatFormat> format;
  private final Optional<DType> dtype;

  ElementType(int bits, Kind kind) {
    this.bits = bits;
    this.kind = kind;
    this.format = Optional.empty();
    this.dtype = Optional.empty();
  }

  ElementType(FloatFormat format, Optional<DType> dtype) {
    this.bits = format.bits();
    this.kind = Kind.FLOATING;
    this.format = Optional.of(format);
    this.dtype = dtype;
  }

  /** Width of one element; several narrow elements share a byte. */
  public int bits() {
    return bits;
  }

  /** Whether elements are numbers of a floating-point format. */
  public boolean isNumber() {
    return kind == Kind.FLOATING;
  }

  /** Whether elements are integers. A Boolean counts as 0 or 1. */
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /** The format of the numbers; empty if elements are no floating-point numbers. */
  public Optional<FloatFormat> format() {
    return format;
  }

  /**
   * The integer that the low {@link #bits()} bits of {@code code} stand for.
   *
   * @throws ArithmeticException for an unsigned integer of 64 bits from 2^63 up
   * @throws IllegalStateException if elements are no integers
   */
  long integer(long code) {
    if (!isInteger()) {
      throw new IllegalStateException("elements of " + this + " are no integers");
    }
    int unused = Long.SIZE - bits;
    long value = kind == Kind.SIGNED ? code << unused >> unused : code << unused >>> unused;
    if (kind == Kind.UNSIGNED && value < 0) {
      throw new ArithmeticException(Long.toUnsignedString(value) + " does not fit 63 bits");
    }
    return value;
  }

  /** The number format of {@link DType} in which elements are read; empty if there is none. */
  Optional<DType> readable() {
    return dtype;
  }

  /** The type that the safetensors format calls {@code name}, for example {@code "BF16"}. */
  public static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * The type that PyTorch calls {@code name}, with or without {@code torch.} before it, for example
   * {@code "torch.float8_e4m3fn"}.
   */
  public static Optional<ElementType> ofTorch(String name) {
    String plain = name.startsWith("torch.") ? name.substring("torch.".length()) : name;
    return Optional.ofNullable(
        switch (plain) {
          case "float64", "double" -> F64;
          case "float32", "float" -> F32;
          case "float16", "half" -> F16;
          case "bfloat16" -> BF16;
          case "float8_e4m3fn" -> F8_E4M3;
          case "float8_e5m2" -> F8_E5M2;
          case "float8_e8m0fnu" -> F8_E8M0;
          case "int64", "long" -> I64;
          case "int32", "int" -> I32;
          case "int16", "short" -> I16;
          case "int8" -> I8;
          case "uint64" -> U64;
          case "uint32" -> U32;
          case "uint16" -> U16;
          case "uint8" -> U8;
          case "bool" -> BOOL;
          case "complex64" -> C64;
          default -> null;
        });
  }

  /** The types of {@link DType} that can be read, for messages: {@code "F64, F32, BF16, F16"}. */
  static String readableNames() {
    return Arrays.stream(DType.values())
        .filter(ElementType::isReadable)
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }

  /**
   * Whether numbers of this format are stored without scales, so that they can be read as they are.
   */
  static boolean isReadable(DType dtype) {
    return Arrays.stream(values()).anyMatch(type -> type.dtype.equals(Optional.of(dtype)));
  }

  /** All types of the safetensors format, for messages. */
  public static String allNames() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** The name in lower case, as PyTorch's users write it: {@code bf16}, {@code f8_e4m3}. */
  public String lowerCaseName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.helix.tensor.io;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The element types of the safetensors format. All are known, so that the length of every tensor
 * can be checked; only those of {@link DType} can be read.
 */
enum StoredType {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  I16(16),
  U16(16),
  F16(DType.F16),
  BF16(DType.BF16),
  I32(32),
  U32(32),
  F32(DType.F32),
  C64(64),
  F64(DType.F64),
  I64(64),
  U64(64);

  private final int bits;
  private final Optional<DType> readable;

  StoredType(int bits) {
    this.bits = bits;
    this.readable = Optional.empty();
  }

  StoredType(DType dtype) {
    this.bits = dtype.bits();
    this.readable = Optional.of(dtype);
  }

  /** Width of one element; several narrow elements share a byte. */
  int bits() {
    return bits;
  }

  /** The number format in which elements are read; empty if they cannot be read. */
  Optional<DType> readable() {
    return readable;
  }

  /** The type that the format calls {@code name}, for example {@code "BF16"}. */
  static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** The types that can be read, for messages: {@code "F64, F32, BF16, F16"}. */
  static String readableNames() {
    return Arrays.stream(DType.values())
        .filter(StoredType::isReadable)
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }

  /**
   * Whether numbers of this format are stored without scales, so that they can be read as they are.
   */
  static boolean isReadable(DType dtype) {
    return Arrays.stream(values()).anyMatch(type -> type.readable.equals(Optional.of(dtype)));
  }

  /** All types of the format, for messages. */
  static String allNames() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}

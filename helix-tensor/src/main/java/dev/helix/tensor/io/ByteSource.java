package dev.helix.tensor.io;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Random access to the bytes of a file or buffer, which may be more than one buffer can hold. */
interface ByteSource extends Closeable {
  /** Size of the largest element in bytes. No view ends inside an element that begins in it. */
  int MAX_ELEMENT_BYTES = 8;

  /** Number of bytes. */
  long size();

  /**
   * A little-endian view that begins at {@code position}, in [0, size). It has at least {@link
   * #MAX_ELEMENT_BYTES} bytes, or all that are left.
   */
  ByteBuffer from(long position);

  /** Frees what is held; afterwards no view may be asked for. */
  @Override
  void close();

  /** The remaining bytes of a buffer. */
  static ByteSource of(ByteBuffer buffer) {
    ByteBuffer bytes = buffer.slice();
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.limit();
      }

      @Override
      public ByteBuffer from(long position) {
        int index = Math.toIntExact(position);
        return bytes.slice(index, bytes.limit() - index).order(ByteOrder.LITTLE_ENDIAN);
      }

      @Override
      public void close() {}
    };
  }
}

package dev.helix.tensor.io;

import dev.helix.tensor.InvalidInputException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Random access to the bytes of a file or buffer, which may be more than one buffer can hold.
 * Threads may read at the same time.
 */
public interface ByteSource extends Closeable {
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

  /**
   * Maps a file of any size into memory.
   *
   * @throws InvalidInputException if the file is absent, no regular file, or unreadable
   */
  static ByteSource map(Path file) {
    return MappedBytes.open(file, MappedBytes.WINDOW_BITS);
  }

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

  /** A copy of {@code count} bytes from {@code position} on, all of which have to be there. */
  default byte[] bytes(long position, int count) {
    byte[] copy = new byte[count];
    for (int done = 0; done < count; ) {
      ByteBuffer view = from(position + done);
      int here = Math.min(view.remaining(), count - done);
      view.get(copy, done, here);
      done += here;
    }
    return copy;
  }

  /**
   * The bytes {@code [begin, begin + length)} of this source, as a source of their own. Closing it
   * closes nothing.
   */
  default ByteSource part(long begin, long length) {
    if (begin < 0 || length < 0 || length > size() - begin) {
      throw new IllegalArgumentException(
          "%d bytes from %d on of %d".formatted(length, begin, size()));
    }
    ByteSource whole = this;
    return new ByteSource() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public ByteBuffer from(long position) {
        ByteBuffer view = whole.from(begin + position);
        int most = (int) Math.min(view.remaining(), length - position);
        return most == view.remaining() ? view : view.slice(0, most).order(ByteOrder.LITTLE_ENDIAN);
      }

      @Override
      public void close() {}
    };
  }
}

package dev.helix.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A file that is mapped into memory in windows, because a Java buffer ends at 2 GiB and files do
 * not. Each window is mapped when it is first touched. Windows overlap by one element, so that an
 * element that begins in a window can be read from it.
 *
 * <p>The mappings live until the garbage collector finds them, also after {@link #close()}. The
 * file must not be shortened while it is mapped.
 */
final class MappedBytes implements ByteSource {
  static final int WINDOW_BITS = 30;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final int windowBits;
  private final AtomicReferenceArray<ByteBuffer> windows;

  private MappedBytes(Path file, FileChannel channel, int windowBits) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
    this.windowBits = windowBits;
    this.windows = new AtomicReferenceArray<>(Math.toIntExact((size >>> windowBits) + 1));
  }

  /**
   * Opens a file.
   *
   * @param windowBits log2 of the bytes of a window, at most {@link #WINDOW_BITS}
   */
  static MappedBytes open(Path file, int windowBits) {
    InputFile.requireFile(file);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new MappedBytes(file, channel, windowBits);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw InputFile.unreadable(file, e);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public ByteBuffer from(long position) {
    int index = Math.toIntExact(position >>> windowBits);
    ByteBuffer window = windows.get(index);
    if (window == null) {
      // Two threads may both map it; one mapping is then soon collected.
      window = map((long) index << windowBits);
      windows.set(index, window);
    }
    int offset = (int) (position - ((long) index << windowBits));
    return window.slice(offset, window.limit() - offset).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer map(long from) {
    long length = Math.min(size - from, (1L << windowBits) + MAX_ELEMENT_BYTES);
    try {
      return channel.map(MapMode.READ_ONLY, from, length);
    } catch (IOException e) {
      throw InputFile.unreadable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + file, e);
    }
  }
}

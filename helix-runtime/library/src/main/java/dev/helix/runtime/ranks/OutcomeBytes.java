package dev.helix.runtime.ranks;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The bytes of a rank's result on their way to the caller. They are stored in chunks, because a
 * recorded run can bring home more than one array holds. They are written once and read once, and
 * reading frees each chunk that it has left.
 */
public final class OutcomeBytes {
  private static final int CHUNK = 1 << 20;

  private final Deque<byte[]> chunks = new ArrayDeque<>();

  /** The stream that an outcome is written to. */
  OutputStream sink() {
    return new Sink();
  }

  /** The stream that an outcome is read from. */
  InputStream source() {
    return new Source();
  }

  private final class Sink extends OutputStream {
    // The first chunk is small, as most ranks bring home next to nothing.
    private byte[] chunk = new byte[64];
    private int used;

    @Override
    public void write(int value) {
      reserve();
      chunk[used++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      int taken = 0;
      while (taken < length) {
        reserve();
        int now = Math.min(length - taken, chunk.length - used);
        System.arraycopy(bytes, from + taken, chunk, used, now);
        used += now;
        taken += now;
      }
    }

    private void reserve() {
      if (used < chunk.length) {
        return;
      }
      if (used < CHUNK) {
        chunk = Arrays.copyOf(chunk, Math.min(CHUNK, 2 * used));
      } else {
        chunks.add(chunk);
        chunk = new byte[CHUNK];
        used = 0;
      }
    }

    @Override
    public void close() {
      chunks.add(Arrays.copyOf(chunk, used));
      chunk = new byte[0];
    }
  }

  private final class Source extends InputStream {
    private byte[] chunk = new byte[0];
    private int read;

    @Override
    public int read() {
      return more() ? chunk[read++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (length == 0) {
        return 0;
      }
      if (!more()) {
        return -1;
      }
      int now = Math.min(length, chunk.length - read);
      System.arraycopy(chunk, read, into, from, now);
      read += now;
      return now;
    }

    private boolean more() {
      while (read == chunk.length && !chunks.isEmpty()) {
        chunk = chunks.remove();
        read = 0;
      }
      return read < chunk.length;
    }
  }
}

package dev.helix.tensor.fp64;

import java.lang.ref.Cleaner;
import java.nio.DoubleBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Off-heap slabs of one size, which are used again when nothing refers to them any more.
 *
 * <p>Only a collection of the Java heap finds that out. But the collector does not know how much
 * off-heap memory hangs on its objects, and would run far too late. So a pool that has handed out
 * {@value #BYTES_BETWEEN_COLLECTIONS} bytes asks for a collection. Without this, a run with a Java
 * heap of one gigabyte was seen to hold five gigabytes of ND4J's memory.
 */
final class SlabPool {
  static final long SLAB_DOUBLES = 1 << 16;
  private static final long BYTES_BETWEEN_COLLECTIONS = 64L << 20;
  private static final Cleaner CLEANER = Cleaner.create();

  private final ConcurrentLinkedQueue<Memory> free = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytesSinceCollection = new AtomicLong();

  /** A slab of {@link #SLAB_DOUBLES} numbers, which may hold old contents. */
  Slab take() {
    account(SLAB_DOUBLES);
    Memory reused = free.poll();
    Memory memory = reused == null ? new Memory(SLAB_DOUBLES) : reused;
    Slab slab = new Slab(memory);
    CLEANER.register(slab, () -> free.add(memory));
    return slab;
  }

  /** A slab of a size of its own, which goes back to ND4J and not to the pool. */
  Slab takeLarge(long doubles) {
    account(doubles);
    return new Slab(new Memory(doubles));
  }

  /** A slab that is kept as long as the run, for weights. */
  static Slab permanent(long doubles) {
    return new Slab(new Memory(doubles));
  }

  /**
   * A slab over the memory of a foreign buffer. The slab keeps the buffer alive, and neither frees
   * its memory nor uses it again.
   *
   * @param buffer where the memory begins: its offset counts
   */
  static Slab foreign(DataBuffer buffer, long doubles) {
    return new Slab(new Memory(buffer, doubles));
  }

  private void account(long doubles) {
    if (bytesSinceCollection.addAndGet(doubles * Double.BYTES) > BYTES_BETWEEN_COLLECTIONS) {
      bytesSinceCollection.set(0);
      System.gc();
    }
  }

  /** A block of off-heap memory. Tensors refer to it; when it is garbage, its memory is free. */
  static final class Slab {
    private final Memory memory;

    private Slab(Memory memory) {
      this.memory = memory;
    }

    long doubles() {
      return memory.doubles;
    }

    DoubleIndexer indexer() {
      return memory.indexer;
    }

    DoublePointer pointer() {
      return memory.pointer;
    }

    /** A buffer whose position is element {@code from}, and which has {@code count} more. */
    DoubleBuffer view(long from, int count) {
      requireOpen();
      return memory.view(from, count);
    }

    /**
     * Checks that nobody has freed the memory, which only the owner of a foreign buffer can do.
     *
     * @throws IllegalStateException if it is freed
     */
    void requireOpen() {
      if (memory.buffer.wasClosed()) {
        throw new IllegalStateException(
            "the INDArray that this tensor is a view of has been closed: its memory is gone");
      }
    }

    /**
     * A buffer over the elements {@code [from, from + count)}. While it, or a buffer made from it,
     * is reachable, so is this slab, and the memory is not used again.
     */
    DataBuffer share(long from, long count) {
      requireOpen();
      // ND4J counts the offset of a buffer from the beginning of the memory, also if the buffer was
      // made
      // from another one; such a buffer refers to the other one.
      DataBuffer whole = memory.buffer.originalDataBuffer();
      long offset = memory.buffer.offset() + from;
      DataBuffer shared = Nd4j.createBuffer(whole == null ? memory.buffer : whole, offset, count);
      CLEANER.register(shared, new Keeping(this));
      return shared;
    }
  }

  /** Keeps a slab reachable: a cleaner holds it until a buffer over the slab is garbage. */
  private record Keeping(Slab slab) implements Runnable {
    @Override
    public void run() {}
  }

  private static final class Memory {
    private static final int WINDOW_BITS = 20;
    private static final int OVERLAP = 1 << 16;

    final long doubles;
    final DataBuffer buffer;
    final DoubleIndexer indexer;
    final DoublePointer pointer;

    /**
     * Views of the memory, each of which overlaps the next, made when they are first needed: a
     * buffer of Java has no more than 2³¹ bytes.
     */
    private final AtomicReferenceArray<DoubleBuffer> windows;

    Memory(long doubles) {
      this.doubles = doubles;
      // ND4J has no empty buffers.
      this.buffer = Nd4j.createBuffer(DataType.DOUBLE, Math.max(1, doubles), false);
      this.indexer = (DoubleIndexer) buffer.indexer();
      this.pointer = (DoublePointer) buffer.addressPointer();
      this.windows = windows(doubles);
    }

    Memory(DataBuffer buffer, long doubles) {
      this.doubles = doubles;
      this.buffer = buffer;
      // The pointer of a buffer with an offset has the right address and a capacity of 0.
      this.pointer = new DoublePointer(buffer.addressPointer()).capacity(doubles);
      this.indexer = DoubleIndexer.create(pointer);
      this.windows = windows(doubles);
    }

    private static AtomicReferenceArray<DoubleBuffer> windows(long doubles) {
      return new AtomicReferenceArray<>(Math.toIntExact(doubles >> WINDOW_BITS) + 1);
    }

    DoubleBuffer view(long from, int count) {
      if (count > OVERLAP) {
        return window(from, count);
      }
      int index = (int) (from >> WINDOW_BITS);
      long start = (long) index << WINDOW_BITS;
      DoubleBuffer window = windows.get(index);
      if (window == null) {
        window = window(start, (int) Math.min(doubles - start, (1L << WINDOW_BITS) + OVERLAP));
        windows.set(index, window);
      }
      return window.duplicate().position((int) (from - start));
    }

    /** Moves the address and not the position, which asBuffer keeps in 31 bits. */
    private DoubleBuffer window(long from, int count) {
      return pointer.getPointer(DoublePointer.class, from).limit(count).asBuffer();
    }
  }
}

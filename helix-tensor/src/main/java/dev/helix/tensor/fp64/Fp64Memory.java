package dev.helix.tensor.fp64;

import dev.helix.tensor.fp64.SlabPool.Slab;
import java.lang.ref.Reference;
import java.nio.DoubleBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;

/**
 * The off-heap memory of one rank. It comes from ND4J in large slabs and is handed out in regions.
 *
 * <p>An ND4J array of its own costs 12 to 27 µs to allocate, as much as most launches of a small
 * model compute. A region costs nothing. A slab is used again only when the last tensor in it is
 * garbage, so no tensor can lose its memory. Not for use by several threads.
 */
public final class Fp64Memory {
  private final SlabPool pool = new SlabPool();
  private Slab slab = pool.take();
  private long used;

  /** Hands out uninitialised memory for {@code doubles} numbers. */
  Region allocate(long doubles) {
    if (doubles > SlabPool.SLAB_DOUBLES / 4) {
      return new Region(pool.takeLarge(doubles), 0, doubles, true);
    }
    if (used + doubles > slab.doubles()) {
      slab = pool.take();
      used = 0;
    }
    Region region = new Region(slab, used, doubles, true);
    used += doubles;
    return region;
  }

  /** Memory that holds {@code values} outside of any slab. Ranks share it and can only read it. */
  static Region constant(double[] values) {
    Slab own = SlabPool.permanent(values.length);
    for (int i = 0; i < values.length; i++) {
      own.indexer().put(i, values[i]);
    }
    return new Region(own, 0, values.length, false);
  }

  /** Memory of a buffer that does not belong to this project; it can be read and written. */
  static Region foreign(DataBuffer buffer, long doubles) {
    return new Region(SlabPool.foreign(buffer, doubles), 0, doubles, true);
  }

  /**
   * A part of a slab, which keeps the slab alive. Indices are relative to the region, and checked.
   */
  public static final class Region {
    private final Slab slab;
    private final DoubleIndexer indexer;
    private final long offset;
    private final long length;
    private final boolean writable;

    private Region(Slab slab, long offset, long length, boolean writable) {
      this.slab = slab;
      this.indexer = slab.indexer();
      this.offset = offset;
      this.length = length;
      this.writable = writable;
    }

    public long length() {
      return length;
    }

    /** The elements {@code [from, from + count)} of this region, not copied. */
    Region part(long from, long count) {
      Objects.checkFromIndexSize(from, count, length);
      return new Region(slab, offset + from, count, writable);
    }

    public double get(long index) {
      try {
        return indexer.get(offset + Objects.checkIndex(index, length));
      } finally {
        // Nothing but a reachable slab protects the memory: it must stay reachable while it is
        // read.
        Reference.reachabilityFence(slab);
      }
    }

    /**
     * Copies rows that follow each other to the Java heap, each to an array of its own.
     *
     * @param from the first element of the first row
     * @param stride elements from one row to the next
     * @param into receives the rows, in its first {@code rows} arrays
     * @param width how many elements of each row are copied, at most {@code stride}
     */
    public void copyRows(long from, int stride, double[][] into, int rows, int width) {
      if (rows == 0) {
        return;
      }
      int count = (rows - 1) * stride + width;
      Objects.checkFromIndexSize(from, count, length);
      try {
        DoubleBuffer all = slab.view(offset + from, count);
        for (int row = 0; row < rows; row++) {
          all.get(all.position() + row * stride, into[row], 0, width);
        }
      } finally {
        Reference.reachabilityFence(slab);
      }
    }

    /**
     * Writes one number.
     *
     * @throws UnsupportedOperationException if this holds weights
     */
    public void set(long index, double value) {
      requireWritable();
      try {
        indexer.put(offset + Objects.checkIndex(index, length), value);
      } finally {
        Reference.reachabilityFence(slab);
      }
    }

    void requireWritable() {
      if (!writable) {
        throw new UnsupportedOperationException(
            "weights are shared by ranks and cannot be written");
      }
    }

    /**
     * Checks that the memory is still there.
     *
     * @throws IllegalStateException if it was a caller's array, and is closed
     */
    void requireOpen() {
      slab.requireOpen();
    }

    /**
     * An ND4J buffer over this region, which keeps the region alive. The region must not be empty.
     */
    DataBuffer share() {
      return slab.share(offset, length);
    }

    /**
     * The address of element {@code index}, for BLAS. It is valid while this region is reachable.
     */
    DoublePointer pointer(long index) {
      return new DoublePointer(slab.pointer()).position(offset + index);
    }
  }
}

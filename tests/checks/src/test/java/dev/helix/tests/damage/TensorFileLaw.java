package dev.helix.tests.damage;

import com.sun.management.ThreadMXBean;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.foreign.TensorFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How a damaged file of tensors has to be taken: as if it were whole, or with a refusal in one
 * line; and with no more memory than a small multiple of the file's size.
 */
final class TensorFileLaw {
  static final String NAME = "damaged";

  /** Elements that are read of a tensor, and tensors of which some are read. */
  private static final int ELEMENTS = 4_096;

  private static final int TENSORS = 8;

  /** What is read of the elements, and what the test itself takes. */
  private static final long FREE_BYTES = 2_000_000;

  /**
   * The deflated members of a file may be 16 times as large, and each byte of a pickle may stand
   * for an empty dictionary.
   */
  private static final long BYTES_FOR_EACH_OF_THE_FILE = 150;

  private long accepted;

  /** What reading the file did that it may not. */
  Optional<String> broken(byte[] bytes) {
    return broken(NAME, bytes.length, () -> read(bytes));
  }

  /** What reading so many bytes did that it may not. */
  static Optional<String> broken(String name, long bytes, Runnable reading) {
    long before = allocated();
    Optional<String> fault = LoaderLaw.broken(name, reading);
    long taken = allocated() - before;
    if (fault.isEmpty() && taken > FREE_BYTES + BYTES_FOR_EACH_OF_THE_FILE * bytes) {
      return Optional.of("%d bytes of memory for %d of a file".formatted(taken, bytes));
    }
    return fault;
  }

  /** Files that were read as if they were whole. */
  long accepted() {
    return accepted;
  }

  private void read(byte[] bytes) {
    try (TensorFile file = TensorFile.of(NAME, ByteSource.of(ByteBuffer.wrap(bytes)))) {
      file.tensors().values().stream().limit(TENSORS).forEach(TensorFileLaw::readSome);
    }
    accepted++;
  }

  /** Reads elements from both ends of a tensor. */
  static void readSome(FileTensor tensor) {
    int count = (int) Math.min(ELEMENTS, tensor.elements());
    long last = tensor.elements() - count;
    if (tensor.type().isInteger()) {
      tensor.integers(0, new long[count], 0, count);
      tensor.integers(last, new long[count], 0, count);
    } else if (tensor.type().isNumber()) {
      tensor.numbers(0, new double[count], 0, count);
      tensor.numbers(last, new double[count], 0, count);
    }
  }

  private static long allocated() {
    return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean counting
        ? counting.getThreadAllocatedBytes(Thread.currentThread().getId())
        : 0;
  }
}

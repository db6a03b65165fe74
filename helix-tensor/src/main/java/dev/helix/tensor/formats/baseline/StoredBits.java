package dev.helix.tensor.formats.baseline;

import dev.helix.tensor.formats.CacheFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bits that a KV cache stores for one token and one head, or for one entry of latent attention:
 * what numbers they stand for, and whether they are a right rounding of numbers that are known
 * within bounds.
 *
 * <p>Two programs in double precision differ in the last places of a number. Where it lies next to
 * the midpoint of two codes, both codes are right, and their difference is no error of either. So
 * the baseline does not round by itself: it takes the other program's bits, after it has judged
 * them.
 */
public final class StoredBits {
  private final List<StoredRun> runs;

  private StoredBits(List<StoredRun> runs) {
    this.runs = List.copyOf(runs);
  }

  /**
   * The bits of a format.
   *
   * @param format a format that quantises
   * @param tensorScale the constant scale of the tensor, or of the head; formats that have none do
   *     not read it
   * @param size how many numbers the bits stand for
   */
  public static StoredBits of(CacheFormat format, float tensorScale, int size) {
    return new StoredBits(
        switch (format) {
          case FP64 -> throw new IllegalArgumentException("numbers in FP64 are not quantised");
          case BF16 -> List.of(StoredRun.plain(size, CodeValues.BF16, 1));
          case FP8 -> List.of(StoredRun.plain(size, CodeValues.E4M3, tensorScale));
          case MXFP8 -> List.of(new StoredRun(size, CodeValues.E4M3, 32, ScaleFormat.E8M0, 1));
          case MXFP4 -> List.of(new StoredRun(size, CodeValues.E2M1, 32, ScaleFormat.E8M0, 1));
          case NVFP4 ->
              List.of(new StoredRun(size, CodeValues.E2M1, 16, ScaleFormat.E4M3, tensorScale));
          case FP8_DS_MLA ->
              List.of(
                  new StoredRun(512, CodeValues.E4M3, 128, ScaleFormat.F32, 1),
                  StoredRun.plain(size - 512, CodeValues.BF16, 1));
        });
  }

  /** How many bytes store the numbers. */
  public int bytes() {
    return runs.stream().mapToInt(StoredRun::bytes).sum();
  }

  /** The numbers that the bits stand for; NaN where they stand for none. */
  public double[] numbers(byte[] bytes) {
    double[] numbers = new double[runs.stream().mapToInt(StoredRun::size).sum()];
    int byteAt = 0;
    int at = 0;
    for (StoredRun run : runs) {
      System.arraycopy(run.numbers(bytes, byteAt), 0, numbers, at, run.size());
      byteAt += run.bytes();
      at += run.size();
    }
    return numbers;
  }

  /**
   * Says why the bits cannot be a right rounding.
   *
   * @param numbers the numbers that should have been rounded
   * @param bounds how far from each of them the other program's number may be
   * @return the first contradiction in words; empty if there is none
   */
  public Optional<String> contradiction(byte[] bytes, double[] numbers, double[] bounds) {
    if (bytes.length != bytes()) {
      return Optional.of("expected %d bytes, got %d".formatted(bytes(), bytes.length));
    }
    List<Optional<String>> found = new ArrayList<>();
    int byteAt = 0;
    int at = 0;
    for (StoredRun run : runs) {
      found.add(run.contradiction(bytes, byteAt, numbers, bounds, at));
      byteAt += run.bytes();
      at += run.size();
    }
    return found.stream().flatMap(Optional::stream).findFirst();
  }
}

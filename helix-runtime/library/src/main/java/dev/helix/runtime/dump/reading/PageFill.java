package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.io.FileTensor;
import java.util.List;
import java.util.Optional;

/**
 * Tells how many slots a page has from the pages and the tokens of each request: a request of n
 * tokens takes ⌈n/slots⌉ pages.
 */
final class PageFill {
  /** Entries of a table that are looked at; a greater table is not read for its page size. */
  private static final long MAX_ENTRIES = 1 << 20;

  private final FileTensor table;
  private final FileTensor lengths;

  private PageFill(FileTensor table, FileTensor lengths) {
    this.table = table;
    this.lengths = lengths;
  }

  /** What the tensors of a rank tell; empty if they have no block table or no local lengths. */
  static Optional<PageFill> of(List<NamedTensor> tensors) {
    Optional<FileTensor> table = find(tensors, Role.BLOCK_TABLE);
    Optional<FileTensor> lengths = find(tensors, Role.LOCAL_LENGTHS);
    boolean fit =
        table.isPresent()
            && lengths.isPresent()
            && table.get().axes() == 2
            && lengths.get().axes() == 1
            && table.get().size(0) == lengths.get().size(0)
            && table.get().elements() <= MAX_ENTRIES;
    return fit ? Optional.of(new PageFill(table.get(), lengths.get())) : Optional.empty();
  }

  private static Optional<FileTensor> find(List<NamedTensor> tensors, Role role) {
    return tensors.stream()
        .filter(tensor -> tensor.role().equals(Optional.of(role)))
        .map(NamedTensor::data)
        .findFirst();
  }

  /** Whether each request has as many pages as its tokens take. */
  boolean fits(long slots) {
    if (slots < 1) {
      return false;
    }
    long[] tokens = lengths.integers();
    long[] pages = table.integers();
    int width = Math.toIntExact(table.size(1));
    for (int request = 0; request < tokens.length; request++) {
      long taken = 0;
      for (int entry = 0; entry < width; entry++) {
        taken += pages[request * width + entry] < 0 ? 0 : 1;
      }
      if (taken != tokens[request] / slots + (tokens[request] % slots == 0 ? 0 : 1)) {
        return false;
      }
    }
    return true;
  }
}

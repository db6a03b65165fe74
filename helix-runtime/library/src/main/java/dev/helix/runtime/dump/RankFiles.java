package dev.helix.runtime.dump;

import dev.helix.tensor.io.FileTensor;
import java.util.List;
import java.util.Map;

/**
 * The plainest dialect: files of tensors, whose names say the rank and perhaps the step and the
 * layer, {@code rank2.npz}; or one file for all ranks.
 */
final class RankFiles {
  private RankFiles() {}

  /** Reads the files. */
  static Collected read(List<DumpFile> files) {
    Collected collected = new Collected("files of ranks");
    for (DumpFile file : files) {
      Coordinates of = PathNumbers.of(file.stem());
      for (Map.Entry<String, FileTensor> entry : collected.open(file).tensors().entrySet()) {
        String name = entry.getKey().isEmpty() ? file.nameStem() : entry.getKey();
        Coordinates own = PathNumbers.of(name);
        collected.add(new NamedTensor(PathNumbers.without(name), own.or(of), entry.getValue()));
      }
    }
    return collected;
  }
}

package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.foreign.TensorFile;
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
    return Collected.by("files of ranks", files, RankFiles::read);
  }

  private static void read(DumpFile file, Collected into) {
    Coordinates of = PathNumbers.of(file.stem());
    TensorFile opened = into.open(file);
    opened.facts().forEach(into::fact);
    for (Map.Entry<String, FileTensor> entry : opened.tensors().entrySet()) {
      String name = entry.getKey().isEmpty() ? file.nameStem() : entry.getKey();
      Coordinates own = PathNumbers.of(name);
      NamedTensor tensor = new NamedTensor(PathNumbers.without(name), own.or(of), entry.getValue());
      into.add(
          StatedAxes.of(entry.getKey(), entry.getValue(), opened.facts())
              .map(tensor::with)
              .orElse(tensor));
    }
  }
}

package dev.helix.runtime.dump;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.foreign.TensorFile;
import java.nio.file.Path;
import java.util.List;

/** What the files of a dump hold, once it is understood. */
record DumpContent(
    List<TensorFile> files,
    List<DumpTensor> tensors,
    int ranks,
    List<Moment> moments,
    DumpFacts facts,
    List<String> remarks) {
  DumpContent {
    files = List.copyOf(files);
    tensors = List.copyOf(tensors);
    moments = List.copyOf(moments);
    remarks = List.copyOf(remarks);
  }

  static DumpContent read(List<Path> paths, DumpOptions options) {
    Collected collected = RankFiles.read(tensorFiles(paths));
    try {
      return new Assembly(collected, options).content();
    } catch (InvalidInputException e) {
      collected.close();
      throw e;
    }
  }

  private static List<DumpFile> tensorFiles(List<Path> paths) {
    List<DumpFile> files =
        DumpFile.in(paths).stream()
            .filter(file -> paths.contains(file.path()) || file.isOfTensors())
            .toList();
    if (files.isEmpty()) {
      throw new InvalidInputException(
          "%s: expected .safetensors, .npz, .npy or .pt files, got none"
              .formatted(paths.isEmpty() ? "dump" : paths.get(0)));
    }
    return files;
  }
}

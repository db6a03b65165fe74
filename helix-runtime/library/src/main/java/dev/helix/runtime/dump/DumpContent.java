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
    Collected collected = collected(paths);
    try {
      return new Assembly(collected, options).content();
    } catch (InvalidInputException e) {
      collected.close();
      throw e;
    }
  }

  /** The tensors of the files under their own names, read as their dialect has it. */
  static Collected collected(List<Path> paths) {
    List<DumpFile> files = DumpFile.in(paths);
    if (FlashInferLog.isOne(files)) {
      return FlashInferLog.read(files);
    }
    List<DumpFile> ofTensors =
        files.stream().filter(file -> paths.contains(file.path()) || file.isOfTensors()).toList();
    if (ofTensors.isEmpty()) {
      throw new InvalidInputException(
          "%s: expected .safetensors, .npz, .npy or .pt files, got none"
              .formatted(paths.isEmpty() ? "dump" : paths.get(0)));
    }
    if (SglangFiles.areTagged(ofTensors)) {
      return SglangFiles.tagged(ofTensors);
    }
    return SglangFiles.arePasses(ofTensors)
        ? SglangFiles.passes(ofTensors)
        : RankFiles.read(ofTensors);
  }
}

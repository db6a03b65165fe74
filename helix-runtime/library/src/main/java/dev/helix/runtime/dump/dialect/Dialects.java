package dev.helix.runtime.dump.dialect;

import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Finds out whose dump it is, and reads it as that program has written it. */
public final class Dialects {
  private Dialects() {}

  /**
   * Reads the tensors of files and folders.
   *
   * @throws InvalidInputException naming the file, if one is damaged, or if there is none
   */
  public static Collected read(List<Path> paths) {
    return read(paths, DumpFile.in(paths));
  }

  /**
   * Reads the tensors of files that are in memory.
   *
   * @param files by their paths inside the dump, in order
   * @throws InvalidInputException naming the file, if one is damaged, or if there is none
   */
  public static Collected readHeld(Map<String, byte[]> files) {
    return read(List.of(), DumpFile.held(files));
  }

  /** The same, as plain files, whoever has written them. */
  public static Collected readHeldPlainly(Map<String, byte[]> files) {
    return RankFiles.read(ofTensors(List.of(), DumpFile.held(files)));
  }

  private static Collected read(List<Path> paths, List<DumpFile> files) {
    if (FlashInferLog.isOne(files)) {
      return FlashInferLog.read(files);
    }
    List<DumpFile> ofTensors = ofTensors(paths, files);
    if (SglangFiles.areTagged(ofTensors)) {
      return SglangFiles.tagged(ofTensors);
    }
    return SglangFiles.arePasses(ofTensors)
        ? SglangFiles.passes(ofTensors)
        : RankFiles.read(ofTensors);
  }

  /**
   * Reads the tensors of files and folders as plain files, whoever has written them.
   *
   * @throws InvalidInputException naming the file, if one is damaged, or if there is none
   */
  public static Collected readPlainly(List<Path> paths) {
    return RankFiles.read(ofTensors(paths, DumpFile.in(paths)));
  }

  private static List<DumpFile> ofTensors(List<Path> paths, List<DumpFile> files) {
    List<DumpFile> ofTensors =
        files.stream().filter(file -> paths.contains(file.path()) || file.isOfTensors()).toList();
    if (ofTensors.isEmpty()) {
      throw new InvalidInputException(
          "%s: expected .safetensors, .npz, .npy or .pt files, got none"
              .formatted(paths.isEmpty() ? "dump" : paths.get(0)));
    }
    return ofTensors;
  }
}

package dev.helix.runtime.dump;

import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.io.foreign.TensorFile;
import java.util.List;

/**
 * What the files of a dump hold, once it is understood.
 *
 * @param files the open files
 * @param tensors all that have a role
 * @param ranks their number
 * @param moments the steps and layers that are there, in order
 * @param remarks what the user should know of the reading, one sentence each
 */
public record DumpContent(
    List<TensorFile> files,
    List<DumpTensor> tensors,
    int ranks,
    List<Moment> moments,
    DumpFacts facts,
    List<String> remarks) {
  public DumpContent {
    files = List.copyOf(files);
    tensors = List.copyOf(tensors);
    moments = List.copyOf(moments);
    remarks = remarks.stream().map(ControlCharacters::escaped).toList();
  }
}

package dev.helix.runtime.dump;

import dev.helix.tensor.io.foreign.TensorFile;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader of one dialect collects: open files, and their tensors with rank, step and layer.
 */
final class Collected implements Closeable {
  private final String dialect;
  private final List<TensorFile> files = new ArrayList<>();
  private final List<NamedTensor> tensors = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();

  Collected(String dialect) {
    this.dialect = dialect;
  }

  /** Opens a file, which is closed with all others. */
  TensorFile open(DumpFile file) {
    TensorFile opened = TensorFile.open(file.path());
    files.add(opened);
    return opened;
  }

  void add(NamedTensor tensor) {
    tensors.add(tensor);
  }

  void fact(String name, String value) {
    facts.putIfAbsent(name, value);
  }

  void remark(String sentence) {
    remarks.add(sentence);
  }

  String dialect() {
    return dialect;
  }

  List<TensorFile> files() {
    return files;
  }

  List<NamedTensor> tensors() {
    return tensors;
  }

  Map<String, String> facts() {
    return facts;
  }

  List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {
    files.forEach(TensorFile::close);
  }
}

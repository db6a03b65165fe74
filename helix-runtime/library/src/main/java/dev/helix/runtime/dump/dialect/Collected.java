package dev.helix.runtime.dump.dialect;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.foreign.TensorFile;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a reader of one dialect collects: open files, and their tensors with rank, step and layer.
 */
public final class Collected implements Closeable {
  private final String dialect;
  private final List<TensorFile> files = new ArrayList<>();
  private final List<NamedTensor> tensors = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();

  private OptionalInt statedRanks = OptionalInt.empty();

  Collected(String dialect) {
    this.dialect = dialect;
  }

  /** Reads the tensors of one file. */
  interface FileReader {
    void read(DumpFile file, Collected into);
  }

  /** Collects what a reader finds in each file. */
  static Collected by(String dialect, List<DumpFile> files, FileReader reader) {
    Collected collected = new Collected(dialect);
    try {
      files.forEach(file -> reader.read(file, collected));
    } catch (InvalidInputException e) {
      collected.close();
      throw e;
    }
    return collected;
  }

  /** Opens a file, which is closed with all others. */
  TensorFile open(DumpFile file) {
    TensorFile opened = file.open();
    files.add(opened);
    return opened;
  }

  void add(NamedTensor tensor) {
    tensors.add(tensor);
  }

  void fact(String name, String value) {
    facts.putIfAbsent(name, value);
  }

  /** Notes the number of ranks that a file states. */
  void ranks(int count) {
    statedRanks = OptionalInt.of(count);
  }

  /** The number of ranks that a file states. */
  public OptionalInt ranks() {
    return statedRanks;
  }

  void remark(String sentence) {
    remarks.add(sentence);
  }

  /** Who wrote the dump, for messages. */
  public String dialect() {
    return dialect;
  }

  /** The open files. */
  public List<TensorFile> files() {
    return files;
  }

  /** The tensors in the order of files and names. */
  public List<NamedTensor> tensors() {
    return tensors;
  }

  /** Numbers and texts beside the tensors, by name. */
  public Map<String, String> facts() {
    return facts;
  }

  /** What the user should know of the reading, one sentence each. */
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {
    files.forEach(TensorFile::close);
  }
}

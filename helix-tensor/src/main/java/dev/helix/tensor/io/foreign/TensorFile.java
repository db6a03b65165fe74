package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.SafetensorsFile;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of tensors, open for reading. Names and shapes are read and checked when it is opened;
 * elements stay in the file, which must not be changed while it is open.
 */
public final class TensorFile implements Closeable {
  private final Map<String, FileTensor> tensors;
  private final Map<String, String> facts;
  private final Closing closing;

  /** Ends the reading of a file. */
  interface Closing {
    void close();
  }

  TensorFile(Map<String, FileTensor> tensors, Map<String, String> facts, Closing closing) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    this.closing = closing;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static TensorFile open(Path file) {
    SafetensorsFile opened = SafetensorsFile.open(file);
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    opened.names().forEach(name -> tensors.put(name, opened.tensor(name)));
    return new TensorFile(tensors, opened.metadata(), opened::close);
  }

  /** The tensors by name, in the file's order. The only tensor of a file may have no name. */
  public Map<String, FileTensor> tensors() {
    return tensors;
  }

  /** Numbers and texts that stand beside the tensors, by name, as text. */
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void close() {
    closing.close();
  }
}

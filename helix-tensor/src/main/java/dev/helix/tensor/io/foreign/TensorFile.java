package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.pickle.PickleReader;
import dev.helix.tensor.io.pickle.PickleValue;
import dev.helix.tensor.io.zip.ZipArchive;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of tensors, open for reading: NumPy's {@code .npy} and {@code .npz}, the files of {@code
 * torch.save}, or safetensors. Which it is, its first bytes say, and not its name. Names and shapes
 * are read and checked when it is opened; elements stay in the file, which must not be changed
 * while it is open.
 */
public final class TensorFile implements Closeable {
  private static final String PICKLE = "data.pkl";
  private static final String ARRAY = ".npy";
  private static final int ZIP_MAGIC = 0x04034b50;
  private static final int PICKLE_PROTO = 0x80;

  /** A longer pickle is damaged: tensors themselves are not in it. */
  private static final long MAX_PICKLE_BYTES = 8_000_000;

  private final Map<String, FileTensor> tensors;
  private final Map<String, String> facts;
  private final ByteSource bytes;

  private TensorFile(Map<String, FileTensor> tensors, Map<String, String> facts, ByteSource bytes) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    this.bytes = bytes;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static TensorFile open(Path file) {
    ByteSource bytes = ByteSource.map(file);
    try {
      return of(file.toString(), bytes);
    } catch (InvalidInputException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @param file the name of the file in messages
   * @param bytes the content, which is closed with the result
   * @throws InvalidInputException naming the file and the fault
   */
  public static TensorFile of(String file, ByteSource bytes) {
    if (NpyHeader.begins(bytes)) {
      return new TensorFile(Map.of("", NpyHeader.tensor(file, "", bytes)), Map.of(), bytes);
    }
    if (bytes.size() >= Integer.BYTES && bytes.from(0).getInt() == ZIP_MAGIC) {
      return archive(file, bytes);
    }
    if (bytes.size() > 1
        && Byte.toUnsignedInt(bytes.from(0).get()) == PICKLE_PROTO
        && bytes.from(1).get() <= 5) {
      throw new InvalidInputException(
          file
              + ": expected a file of torch.save since PyTorch 1.6, which is a ZIP archive, got a"
              + " bare pickle");
    }
    SafetensorsFile opened = SafetensorsFile.of(file, bytes);
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    opened.names().forEach(name -> tensors.put(name, opened.tensor(name)));
    return new TensorFile(tensors, opened.metadata(), bytes);
  }

  private static TensorFile archive(String file, ByteSource bytes) {
    ZipArchive archive = ZipArchive.read(file, bytes);
    List<String> pickles =
        archive.names().stream().filter(name -> name.endsWith("/" + PICKLE)).toList();
    if (pickles.size() == 1) {
      return torch(file, archive, pickles.get(0), bytes);
    }
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    for (String member : archive.names()) {
      if (!member.endsWith(ARRAY)) {
        throw new InvalidInputException(
            "%s: member %s: expected .npy files as np.savez writes them, or one folder with a %s as"
                    .formatted(file, JsonObject.oneLine(member), PICKLE)
                + " torch.save writes it, got neither");
      }
      String name = member.substring(0, member.length() - ARRAY.length());
      tensors.put(name, NpyHeader.tensor(file, name, archive.content(member)));
    }
    return new TensorFile(tensors, Map.of(), bytes);
  }

  private static TensorFile torch(
      String file, ZipArchive archive, String pickle, ByteSource bytes) {
    String folder = pickle.substring(0, pickle.length() - PICKLE.length());
    if (archive.names().contains(folder + "constants.pkl")) {
      throw new InvalidInputException(
          file + ": expected tensors of torch.save, got a program of torch.jit.save");
    }
    String order = folder + "byteorder";
    if (archive.names().contains(order)) {
      ByteSource stated = archive.content(order);
      String text = text(stated, 10);
      if (!text.equals("little")) {
        throw new InvalidInputException(
            "%s: byteorder: expected little, got %s".formatted(file, JsonObject.oneLine(text)));
      }
    }
    ByteSource content = archive.content(pickle);
    if (content.size() > MAX_PICKLE_BYTES) {
      throw new InvalidInputException(
          "%s: %s: expected at most %d bytes, got %d"
              .formatted(file, PICKLE, MAX_PICKLE_BYTES, content.size()));
    }
    byte[] program = content.bytes(0, (int) content.size());
    TorchObjects objects = new TorchObjects(file, key -> archive.content(folder + "data/" + key));
    PickleValue value = PickleReader.read(file, program, objects);
    PickledNames.Named named = PickledNames.of(file, value, program.length);
    return new TensorFile(named.tensors(), named.facts(), bytes);
  }

  private static String text(ByteSource bytes, int most) {
    byte[] start = bytes.bytes(0, (int) Math.min(most, bytes.size()));
    return new String(start, StandardCharsets.US_ASCII);
  }

  /** The tensors by name, in the file's order. The only tensor of a file may have no name. */
  public Map<String, FileTensor> tensors() {
    return tensors;
  }

  /** Numbers and texts that stand beside the tensors, by name, as text. */
  public Map<String, String> facts() {
    return facts;
  }

  /** Closes the file. Nothing can be read afterwards. */
  @Override
  public void close() {
    bytes.close();
  }
}

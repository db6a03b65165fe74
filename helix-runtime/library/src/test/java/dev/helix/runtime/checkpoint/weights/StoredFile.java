package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.io.SafetensorsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A safetensors file of tensors of any type, byte by byte. */
public final class StoredFile {
  private final StringBuilder header = new StringBuilder("{");
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  public StoredFile bytes(String name, String type, List<Integer> shape, byte[] bytes) {
    header
        .append(header.length() > 1 ? "," : "")
        .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,".formatted(name, type, shape))
        .append("\"data_offsets\":[%d,%d]}".formatted(data.size(), data.size() + bytes.length));
    data.writeBytes(bytes);
    return this;
  }

  public StoredFile floats(String name, List<Integer> shape, float... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return bytes(name, "F32", shape, bytes.array());
  }

  public StoredFile doubles(String name, List<Integer> shape, double[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      bytes.putDouble(number);
    }
    return bytes(name, "F64", shape, bytes.array());
  }

  WeightFiles files() {
    return WeightFiles.of(SafetensorsFile.of("f", content()));
  }

  public void write(Path path) throws IOException {
    Files.write(path, content().array());
  }

  private ByteBuffer content() {
    byte[] text = (header + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + data.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .put(data.toByteArray());
    return file.flip();
  }
}

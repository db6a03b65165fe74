package dev.helix.tests.damage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The undamaged files of a model's folder, by name. There are the two embedded checkpoints, each in
 * one weight file and in several with an index, and one of them in FP8 with block scales.
 */
record ModelFiles(Map<String, byte[]> files) {
  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final String ROOT = "/dev/helix/runtime/models/";

  /** Rows and columns of a block that shares a scale; the models' matrices have up to 384. */
  private static final int BLOCK = 128;

  ModelFiles {
    files = new LinkedHashMap<>(files);
  }

  /** All of them, in a fixed order. */
  static List<ModelFiles> all() {
    ModelFiles gqa = embedded("recall-gqa");
    ModelFiles mla = embedded("recall-mla");
    return List.of(gqa, mla, gqa.inShards(3), mla.inShards(2), mla.inFloat8());
  }

  /** The bytes of a file; none of an index that the model does not have. */
  byte[] bytes(String name) {
    return files.get(name);
  }

  boolean has(String name) {
    return files.containsKey(name);
  }

  /** Writes every file into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static ModelFiles embedded(String model) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of(CONFIG, TOKENIZER, WEIGHTS)) {
      try (InputStream in = ModelFiles.class.getResourceAsStream(ROOT + model + "/" + name)) {
        files.put(name, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new ModelFiles(files);
  }

  /** The same weights in several files. */
  private ModelFiles inShards(int shards) {
    SafetensorsFile all = weights();
    List<SafetensorsWriter> writers = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      writers.add(new SafetensorsWriter());
    }
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.putObject("metadata").put("total_size", files.get(WEIGHTS).length);
    ObjectNode map = index.putObject("weight_map");
    int next = 0;
    for (String tensor : all.names()) {
      int shard = next++ % shards;
      List<Integer> shape = all.shape(tensor).stream().map(Math::toIntExact).toList();
      writers.get(shard).tensor(tensor, all.dtype(tensor), shape, all.read(tensor));
      map.put(tensor, shardName(shard, shards));
    }
    Map<String, byte[]> parts = new LinkedHashMap<>(files);
    parts.remove(WEIGHTS);
    parts.put(INDEX, index.toString().getBytes(StandardCharsets.UTF_8));
    for (int shard = 0; shard < shards; shard++) {
      parts.put(shardName(shard, shards), written(writers.get(shard)));
    }
    return new ModelFiles(parts);
  }

  private static String shardName(int shard, int shards) {
    return "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
  }

  /** Every number of a layer's matrices as 1.0 with the scale 0.01, which a reader must apply. */
  private ModelFiles inFloat8() {
    SafetensorsFile all = weights();
    Map<String, byte[]> data = new TreeMap<>();
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    for (String tensor : all.names()) {
      List<Long> shape = all.shape(tensor);
      boolean matrix = shape.size() == 2 && tensor.contains("layers.") && !tensor.contains("gate.");
      if (matrix) {
        byte[] ones = new byte[Math.toIntExact(shape.get(0) * shape.get(1))];
        Arrays.fill(ones, (byte) 0x38);
        data.put(tensor, ones);
        header.putObject(tensor).put("dtype", "F8_E4M3");
        List<Long> blocks = shape.stream().map(size -> (size - 1) / BLOCK + 1).toList();
        double[] scales = new double[Math.toIntExact(blocks.get(0) * blocks.get(1))];
        Arrays.fill(scales, 0.01);
        data.put(tensor + "_scale_inv", floats(scales));
        put(header.putObject(tensor + "_scale_inv").put("dtype", "F32"), blocks);
      } else {
        data.put(tensor, floats(all.read(tensor)));
        header.putObject(tensor).put("dtype", "F32");
      }
      put((ObjectNode) header.get(tensor), shape);
    }
    int end = 0;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> tensor : data.entrySet()) {
      ObjectNode entry = (ObjectNode) header.get(tensor.getKey());
      entry.putArray("data_offsets").add(end).add(end + tensor.getValue().length);
      end += tensor.getValue().length;
      bytes.writeBytes(tensor.getValue());
    }
    Map<String, byte[]> parts = new LinkedHashMap<>(files);
    parts.put(WEIGHTS, safetensors(header.toString(), bytes.toByteArray()));
    parts.put(CONFIG, quantized(files.get(CONFIG)));
    return new ModelFiles(parts);
  }

  private static void put(ObjectNode entry, List<Long> shape) {
    shape.forEach(entry.withArray("shape")::add);
  }

  private static byte[] quantized(byte[] config) {
    try {
      ObjectNode json = (ObjectNode) new ObjectMapper().readTree(config);
      ObjectNode quantization = json.putObject("quantization_config");
      quantization.put("quant_method", "fp8").put("fmt", "e4m3");
      quantization.putArray("weight_block_size").add(BLOCK).add(BLOCK);
      return json.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A safetensors file of a header and data. */
  static byte[] safetensors(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] file = new byte[Long.BYTES + text.length + data.length];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(data);
    return file;
  }

  private static byte[] floats(double[] numbers) {
    byte[] bytes = new byte[Float.BYTES * numbers.length];
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      floats.putFloat((float) number);
    }
    return bytes;
  }

  private SafetensorsFile weights() {
    return SafetensorsFile.of(WEIGHTS, ByteBuffer.wrap(files.get(WEIGHTS)));
  }

  private static byte[] written(SafetensorsWriter writer) {
    try {
      Path file = Files.createTempFile("helix", ".safetensors");
      try {
        writer.write(file);
        return Files.readAllBytes(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

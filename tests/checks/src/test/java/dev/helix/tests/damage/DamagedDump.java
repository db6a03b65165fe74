package dev.helix.tests.damage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A dump of which one file is damaged: a file of tensors, the metadata of a call, or the map. */
final class DamagedDump {
  private static final String MAP = "map.json";

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path log;
  private final Path tagged;
  private final Path map;
  private final List<Path> metadata;
  private final List<Path> tensors;

  /** Copies two dumps into an empty folder. */
  DamagedDump(Path folder) throws IOException {
    this.log = folder.resolve("log");
    this.tagged = folder.resolve("tagged");
    this.map = folder.resolve(MAP);
    copy(SmallTensorFiles.dump("5-right/flashinfer-safetensors"), log);
    copy(SmallTensorFiles.dump("5-right/sglang-dumper"), tagged);
    Files.writeString(map, DumpReader.suggestedMap(List.of(tagged)));
    this.metadata = files(log).stream().filter(file -> file.endsWith("metadata.jsonl")).toList();
    this.tensors = files(tagged);
  }

  /** Reads a dump with the damage of a seed, and mends it again. */
  void read(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    switch (random.nextInt(3)) {
      case 0 -> {
        Path file = metadata.get(random.nextInt(metadata.size()));
        String whole = Files.readString(file);
        String last = whole.strip().substring(whole.strip().lastIndexOf('\n') + 1);
        String damaged = new JsonDamage(random).of(mapper.readTree(last)).replace("\n", " ");
        read(file, (damaged + "\n").getBytes(StandardCharsets.UTF_8), log, DumpOptions.NONE);
      }
      case 1 -> {
        Path file = tensors.get(random.nextInt(tensors.size()));
        read(file, DamagedTensorFile.of(random), tagged, DumpOptions.NONE);
      }
      default -> {
        String damaged = new JsonDamage(random).of(mapper.readTree(Files.readString(map)));
        byte[] bytes = damaged.getBytes(StandardCharsets.UTF_8);
        read(map, bytes, tagged, DumpOptions.NONE.withMap(map));
      }
    }
  }

  private static void read(Path file, byte[] damaged, Path dump, DumpOptions options)
      throws IOException {
    byte[] whole = Files.readAllBytes(file);
    // A file that is mapped must not be shortened, so the damaged one is another file.
    Files.delete(file);
    Files.write(file, damaged);
    try (Dump opened = DumpReader.open(List.of(dump), options)) {
      for (DumpTensor tensor : opened.tensors()) {
        TensorFileLaw.readSome(tensor.data());
      }
    } finally {
      Files.delete(file);
      Files.write(file, whole);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }
}

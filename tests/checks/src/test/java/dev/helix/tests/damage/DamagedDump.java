package dev.helix.tests.damage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A dump in memory of which one part is damaged: the metadata of a call, a file of tensors, the
 * name of a file, or the map. Files may also be missing, or be there twice.
 */
final class DamagedDump {
  /** The folder of all files, which messages name. */
  static final String FOLDER = "dump";

  /** Characters of a file's name; longer ones make longer messages. */
  private static final int LONGEST_NAME = 120;

  private static final String MAP_FILE = "map.json";

  private static final String CHARS = "0123456789=_.- abcNRTpstz{}é∞\u001b\n\u009b\u2028";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final Map<String, byte[]> LOG = read("5-right/flashinfer-safetensors");
  private static final Map<String, byte[]> DUMPER = read("5-right/sglang-dumper");
  private static final String DUMPER_MAP = DumpReader.suggestedMapHeld(DUMPER);
  private static final Map<String, byte[]> PASSES = passes();

  private final Map<String, byte[]> files;
  private final Optional<byte[]> map;

  private DamagedDump(Map<String, byte[]> files, Optional<byte[]> map) {
    this.files = files;
    this.map = map;
  }

  /** What is damaged; a constant makes the same of the same random numbers. */
  enum Kind {
    FLASHINFER {
      @Override
      DamagedDump of(SplittableRandom random) throws IOException {
        Map<String, byte[]> files = new TreeMap<>(LOG);
        if (random.nextInt(4) == 0) {
          return damagedTensors(files, random);
        }
        List<String> metadata =
            files.keySet().stream().filter(name -> name.endsWith("metadata.jsonl")).toList();
        String name = metadata.get(random.nextInt(metadata.size()));
        String text = new String(files.get(name), StandardCharsets.UTF_8).strip();
        if (random.nextInt(5) == 0) {
          files.put(name, new ByteDamage(random).of(files.get(name), files.get(name).length));
        } else {
          String last = text.substring(text.lastIndexOf('\n') + 1);
          files.put(name, (json(last, random).replace("\n", " ") + "\n").getBytes(UTF_8));
        }
        return new DamagedDump(files, Optional.empty());
      }
    },
    SGLANG_DUMPER {
      @Override
      DamagedDump of(SplittableRandom random) {
        return damagedTensors(new TreeMap<>(DUMPER), random);
      }
    },
    SGLANG_PASSES {
      @Override
      DamagedDump of(SplittableRandom random) {
        return damagedTensors(new TreeMap<>(PASSES), random);
      }
    },
    MAP {
      @Override
      DamagedDump of(SplittableRandom random) throws IOException {
        String text = random.nextInt(8) == 0 ? bytes(random) : json(DUMPER_MAP, random);
        return new DamagedDump(DUMPER, Optional.of(text.getBytes(UTF_8)));
      }

      private String bytes(SplittableRandom random) {
        byte[] bytes = DUMPER_MAP.getBytes(UTF_8);
        return new String(new ByteDamage(random).of(bytes, bytes.length), UTF_8);
      }
    };

    /** A damaged dump. */
    abstract DamagedDump of(SplittableRandom random) throws IOException;
  }

  /** The bytes of all files, of all names and of the map. */
  long size() {
    return map.map(json -> json.length).orElse(0)
        + files.entrySet().stream()
            .mapToLong(file -> file.getKey().length() + file.getValue().length)
            .sum();
  }

  /** Opens the dump and reads some of every tensor; a map that is suggested for it has to fit. */
  void read() {
    if (map.isEmpty()) {
      suggest();
    }
    Optional<JsonObject> parsed = map.map(json -> JsonObject.parse(MAP_FILE, json));
    try (Dump opened = DumpReader.openHeld(files, parsed)) {
      for (DumpTensor tensor : opened.tensors()) {
        TensorFileLaw.readSome(tensor.data());
      }
      if (opened.remarks().stream().anyMatch(ControlCharacters::in)) {
        throw new IllegalStateException("a remark has control characters");
      }
    }
  }

  private void suggest() {
    String suggested = DumpReader.suggestedMapHeld(files);
    if (suggested.lines().anyMatch(ControlCharacters::in)) {
      throw new IllegalStateException("the suggested map has control characters");
    }
    byte[] json = suggested.getBytes(StandardCharsets.UTF_8);
    try (Dump opened = DumpReader.openHeld(files, Optional.of(JsonObject.parse(MAP_FILE, json)))) {
      opened.tensors().forEach(tensor -> TensorFileLaw.readSome(tensor.data()));
    } catch (InvalidInputException e) {
      // What the names do not tell may be wrong in it, but it is a map of these very files. A star
      // for a number may stand for more in a name that repeats a part of another.
      boolean refused = e.getMessage().contains(MAP_FILE);
      if (refused && !e.getMessage().contains("expected one entry")) {
        throw new IllegalStateException("the suggested map is refused: " + e.getMessage());
      }
    }
  }

  private static String json(String text, SplittableRandom random) throws IOException {
    return new JsonDamage(random).of(MAPPER.readTree(text));
  }

  private static DamagedDump damagedTensors(Map<String, byte[]> files, SplittableRandom random) {
    List<String> tensors =
        files.keySet().stream()
            .filter(name -> name.endsWith(".pt") || name.endsWith(".safetensors"))
            .toList();
    String name = tensors.get(random.nextInt(tensors.size()));
    byte[] whole = files.get(name);
    switch (random.nextInt(6)) {
      case 0 -> files.remove(name);
      case 1 -> files.put(renamed(name, random), whole);
      case 2 -> {
        files.remove(name);
        files.put(renamed(name, random), whole);
      }
      case 3 -> files.put(name, files.get(tensors.get(random.nextInt(tensors.size()))));
      case 4 -> files.put(name, new ByteDamage(random).of(whole, whole.length));
      default -> {
        TensorFormat[] formats = TensorFormat.values();
        TensorFormat format = formats[random.nextInt(formats.length)];
        files.put(name, DamagedTensorFile.of(format, random));
      }
    }
    return new DamagedDump(files, Optional.empty());
  }

  /** Another name in the same folder of the dump, or in one that is called differently. */
  private static String renamed(String name, SplittableRandom random) {
    StringBuilder text = new StringBuilder(name.substring(FOLDER.length() + 1));
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, CHARS.charAt(random.nextInt(CHARS.length())));
        case 1 -> text.setCharAt(at, CHARS.charAt(random.nextInt(CHARS.length())));
        case 2 -> text.insert(at, text.substring(at, end));
        default -> text.delete(at, at == 0 ? 1 : end);
      }
      if (text.length() == 0) {
        text.append('x');
      }
    }
    text.setLength(Math.min(text.length(), LONGEST_NAME));
    return FOLDER + "/" + nameable(text.toString());
  }

  /** Without characters that no file's name has on this machine, as in the locale C. */
  private static String nameable(String name) {
    try {
      return Path.of(name).getNameCount() == 0 ? "x" : name;
    } catch (InvalidPathException e) {
      return name.replaceAll("\\P{ASCII}", "x");
    }
  }

  private static Map<String, byte[]> passes() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    read("5-right/torch")
        .forEach(
            (name, bytes) -> {
              String rank = name.replaceAll("\\D", "");
              String folder = "TP%s_PP0_Rank%s_pid7".formatted(rank, rank);
              files.put("%s/%s/Pass00002.pt".formatted(FOLDER, folder), bytes);
            });
    return files;
  }

  private static Map<String, byte[]> read(String dump) {
    Path folder = SmallTensorFiles.dump(dump);
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        List<String> parts = new ArrayList<>(List.of(FOLDER));
        folder.relativize(file).forEach(part -> parts.add(part.toString()));
        files.put(String.join("/", parts), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}

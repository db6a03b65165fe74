package dev.helix.tests.damage;

import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.zip.ZipArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Whole files of every format, as other programs wrote them, for damage. */
final class SmallTensorFiles {
  /** A member of an archive that holds the pickle or the header. */
  static final String PICKLE = "data.pkl";

  private static final Path DUMPS =
      Path.of("../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps");

  private static final List<String> NAMES =
      List.of("5-right/flashinfer-pt", "5-right/flashinfer-safetensors", "5-right/sglang-dumper");

  private SmallTensorFiles() {}

  /** The folder of a dump that another program wrote. */
  static Path dump(String name) {
    return DUMPS.resolve(name);
  }

  static List<byte[]> all() {
    List<byte[]> files = new ArrayList<>();
    for (String name : NAMES) {
      try (Stream<Path> found = Files.walk(dump(name))) {
        for (Path file : found.sorted().toList()) {
          String end = file.getFileName().toString();
          if (end.endsWith(".pt") || end.endsWith(".safetensors")) {
            files.add(Files.readAllBytes(file));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Map<String, byte[]> arrays = members(read("5-fp8-right/npz/rank0.npz"));
    arrays.keySet().removeIf(name -> name.startsWith("q") || name.endsWith("cache.npy"));
    files.add(archive(arrays, false));
    files.add(archive(arrays, true));
    files.add(read("5-fp8-right/torch/rank0.pt"));
    files.add(archive(members(read("5-right/torch/rank1.pt")), true));
    files.addAll(arrays.values());
    return files;
  }

  private static byte[] read(String name) {
    try {
      return Files.readAllBytes(dump(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The members of an archive, in order. */
  static Map<String, byte[]> members(byte[] archive) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    ZipArchive read = ZipArchive.read("archive", ByteSource.of(ByteBuffer.wrap(archive)));
    for (String name : read.names()) {
      ByteSource content = read.content(name);
      members.put(name, content.bytes(0, (int) content.size()));
    }
    return members;
  }

  /** An archive of members, stored or deflated. */
  static byte[] archive(Map<String, byte[]> members, boolean deflated) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        ZipEntry entry = new ZipEntry(member.getKey());
        if (!deflated) {
          CRC32 crc = new CRC32();
          crc.update(member.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(member.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(member.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

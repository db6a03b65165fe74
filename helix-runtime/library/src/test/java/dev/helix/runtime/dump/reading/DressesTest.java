package dev.helix.runtime.dump.reading;

import static dev.helix.runtime.dump.DumpAxis.BATCH;
import static dev.helix.runtime.dump.DumpAxis.HEADS;
import static dev.helix.runtime.dump.DumpAxis.HEAD_DIM;
import static dev.helix.runtime.dump.DumpAxis.PEERS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps that other programs wrote are read as they are on disk, and all dresses hold one run. */
class DressesTest {
  private static final Map<String, Integer> RANKS =
      Map.of("5-right", 2, "5-fp8-right", 2, "3-run-short", 4, "4-read-base-e", 8);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"5-right", "5-fp8-right", "3-run-short"})
  void numpyAndPytorchHaveTheSameNumbers(String run) {
    try (Dump torch = GivenDumps.open(run + "/torch");
        Dump numpy = GivenDumps.open(run + "/npz")) {
      assertEquals(RANKS.get(run), torch.ranks());
      assertEquals(torch.ranks(), numpy.ranks());
      assertEquals(roles(torch), roles(numpy));
      assertTrue(roles(torch).containsAll(Set.of(Role.KEY_CACHE, Role.LOCAL_LENGTHS, Role.LSE)));
      for (DumpTensor tensor : torch.tensors()) {
        int rank = tensor.of().rank().orElseThrow();
        assertSame(tensor, GivenDumps.tensor(numpy, tensor.role(), rank));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5-right", "5-fp8-right", "3-run-short", "4-read-base-e"})
  void sglangsDumperHasTheSameNumbers(String run) {
    try (Dump torch = GivenDumps.open(run + "/torch");
        Dump sglang = GivenDumps.open(run + "/sglang-dumper")) {
      assertEquals(torch.ranks(), sglang.ranks());
      assertEquals(
          EnumSet.of(Role.QUERY, Role.PARTIAL_OUTPUT, Role.LSE, Role.MERGED_OUTPUT), roles(sglang));
      assertEquals(1, sglang.moments().get(0).step());
      for (DumpTensor tensor : sglang.tensors()) {
        int rank = tensor.of().rank().orElseThrow();
        assertSame(GivenDumps.tensor(torch, tensor.role(), rank), tensor);
      }
    }
  }

  /** What a rank sends is its partial output and LSE, by the rank that owns the head. */
  @ParameterizedTest
  @CsvSource({
    "5-right, flashinfer-pt",
    "5-right, flashinfer-safetensors",
    "5-fp8-right, flashinfer-pt",
    "5-fp8-right, flashinfer-safetensors",
    "3-run-short, flashinfer-pt",
    "3-run-short, flashinfer-safetensors",
    "4-read-base-e, flashinfer-pt",
    "4-read-base-e, flashinfer-safetensors"
  })
  void flashinfersLogHasTheSameNumbers(String run, String dress) {
    try (Dump torch = GivenDumps.open(run + "/torch");
        Dump log = GivenDumps.open(run + "/" + dress)) {
      assertEquals(torch.ranks(), log.ranks());
      for (int rank = 0; rank < log.ranks(); rank++) {
        DumpTensor partial = GivenDumps.tensor(torch, Role.PARTIAL_OUTPUT, rank);
        DumpTensor sent = GivenDumps.tensor(log, Role.SENT_OUTPUT, rank);
        assertArrayEquals(
            partial.data().numbers(), sent.in(BATCH, PEERS, HEADS, HEAD_DIM).data().numbers());
        DumpTensor lses =
            GivenDumps.tensor(log, Role.SENT_STATISTICS, rank).slice(DumpAxis.STATISTICS, 0);
        assertArrayEquals(
            GivenDumps.tensor(torch, Role.LSE, rank).data().numbers(),
            lses.in(BATCH, PEERS, HEADS).data().numbers());
        for (int peer = 0; peer < log.ranks(); peer++) {
          DumpTensor received = GivenDumps.tensor(log, Role.RECEIVED_OUTPUT, rank);
          DumpTensor peers = GivenDumps.tensor(log, Role.SENT_OUTPUT, peer);
          assertArrayEquals(
              peers.slice(PEERS, rank).data().numbers(),
              received.slice(PEERS, peer).data().numbers());
        }
      }
    }
  }

  /** A map that is suggested and not corrected says what the names say. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5-fp8-right/npz",
        "3-run-short/torch",
        "5-right/sglang-dumper",
        "4-read-base-e/torch"
      })
  void aSuggestedMapReadsTheDumpAsTheNamesDo(String name) throws IOException {
    Path map = folder.resolve("map.json");
    Files.writeString(map, DumpReader.suggestedMap(List.of(GivenDumps.folder(name))));
    try (Dump named = GivenDumps.open(name);
        Dump mapped =
            DumpReader.open(List.of(GivenDumps.folder(name)), DumpOptions.NONE.withMap(map))) {
      assertEquals(shown(named), shown(mapped));
    }
  }

  @Test
  void aRankThatIsMissingIsNamed() throws IOException {
    copy(GivenDumps.folder("3-run-short/torch"), "rank2.pt");
    assertRefused("ranks: expected 0 to 3, got [0, 1, 3]");
  }

  /** FlashInfer's log states the number of ranks, so the last one is missed as well. */
  @Test
  void theLastRankIsMissedIfTheDumpStatesTheirNumber() throws IOException {
    Path log = GivenDumps.folder("5-right/flashinfer-pt");
    String second;
    try (Stream<Path> calls = Files.list(log)) {
      second =
          calls
              .filter(call -> metadata(call).contains("\"arg_3\": 1"))
              .findFirst()
              .orElseThrow()
              .getFileName()
              .toString();
    }
    copy(log, second);
    assertRefused("ranks: expected 0 to 1, got [0]");
  }

  @Test
  void aRankThatIsThereTwiceIsNamed() throws IOException {
    copy(GivenDumps.folder("5-right/torch"), "nothing");
    Files.createDirectory(folder.resolve("again"));
    Files.copy(folder.resolve("rank1.pt"), folder.resolve("again/rank1.pt"));
    assertRefused("rank1.pt: tensor q: rank 1: expected one query, got another in ");
  }

  @Test
  void whatMetadataSayOfATensorHasToBeTrue() throws IOException {
    copy(GivenDumps.folder("5-right/flashinfer-pt"), "nothing");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.endsWith("metadata.jsonl")).toList()) {
        Files.writeString(file, Files.readString(file).replace("[4, 6, 2, 64]", "[4, 6, 2, 32]"));
      }
    }
    assertRefused("tensor_details.arg_0.shape: expected [4, 6, 2, 64], as the file has it, got");
  }

  @Test
  void aCacheOfBytesNeedsAWord() {
    String message =
        assertThrows(
                InvalidInputException.class,
                () ->
                    DumpReader.open(
                        List.of(GivenDumps.folder("5-fp8-right/npz")), DumpOptions.NONE))
            .getMessage();
    assertTrue(
        message.endsWith(
            "rank0.npz: tensor k_cache: key-cache: dtype: expected floating-point numbers, got U8;"
                + " --kv-type or the map's field dtype can say what its bits are"),
        message);
  }

  @Test
  void queriesOfTwoBytesNeedAWord() throws IOException {
    String header = "{'descr': '<u2', 'fortran_order': False, 'shape': (1, 1, 4), }";
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    try (OutputStream file = Files.newOutputStream(folder.resolve("rank0.q.npy"))) {
      file.write(start);
      file.write("%-117s\n".formatted(header).getBytes(StandardCharsets.US_ASCII));
      file.write(new byte[8]);
    }
    assertRefused(
        "rank0.q.npy: query: dtype: expected floating-point numbers, got U16; are its bits BF16 or"
            + " F16? The map's field dtype can say it");
  }

  private void assertRefused(String part) {
    String message =
        assertThrows(
                InvalidInputException.class,
                () -> DumpReader.open(List.of(folder), DumpOptions.NONE))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Copies a dump without one of its files or folders. */
  private void copy(Path from, String without) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path inside = from.relativize(file);
        if (!inside.startsWith(without)) {
          Path target = folder.resolve(inside.toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }

  private static String metadata(Path call) {
    Path file = call.resolve("metadata.jsonl");
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<Role> roles(Dump dump) {
    return dump.tensors().stream().map(DumpTensor::role).collect(Collectors.toSet());
  }

  private static Set<String> shown(Dump dump) {
    return dump.tensors().stream()
        .map(tensor -> "%s %s %s".formatted(tensor.role(), tensor.axes(), tensor))
        .map(text -> text.replaceAll("axesAreCertain=\\w+", "").replaceAll("@\\w+", ""))
        .collect(Collectors.toSet());
  }

  private static void assertSame(DumpTensor expected, DumpTensor actual) {
    assertEquals(expected.axes(), actual.axes());
    assertEquals(expected.data().shape(), actual.data().shape());
    if (expected.data().type().isNumber()) {
      assertArrayEquals(expected.data().numbers(), actual.data().numbers());
    } else {
      assertArrayEquals(expected.data().integers(), actual.data().integers());
    }
  }
}

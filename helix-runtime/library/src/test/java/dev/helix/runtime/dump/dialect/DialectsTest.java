package dev.helix.runtime.dump.dialect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DialectsTest {
  private static final String WRAPPER = "BatchDecodeWithPagedKVCacheWrapper";
  private static final String EXCHANGE =
      "(partial_o, softmax_stats, workspace, cp_rank, cp_size, enable_pdl=None)";

  @TempDir private Path folder;
  private int calls;

  /** The pages of a run are those that the same wrapper has planned last, before it. */
  @Test
  void planAndRunOfAWrapperAreJoined() throws IOException {
    plan(7, 1);
    run(7);
    plan(7, 2);
    run(7);
    run(7);
    exchange();
    try (Collected log = Dialects.read(List.of(folder))) {
      for (int step = 0; step < 3; step++) {
        assertArrayEquals(
            new long[] {step == 0 ? 1 : 2}, of(log, Role.KV_INDICES, step).data().integers());
      }
      assertEquals(
          Set.of(
              Role.KV_INDPTR,
              Role.KV_INDICES,
              Role.LAST_PAGE_LENGTHS,
              Role.QUERY,
              Role.KEY_CACHE,
              Role.VALUE_CACHE,
              Role.PARTIAL_OUTPUT,
              Role.LSE),
          roles(log, 1));
      assertEquals("0.25", log.facts().get("sm_scale"));
      assertEquals(OptionalInt.of(1), log.ranks());
    }
  }

  @Test
  void anotherWrapperHasPagesOfItsOwn() throws IOException {
    plan(7, 1);
    plan(8, 2);
    run(7);
    exchange();
    try (Collected log = Dialects.read(List.of(folder))) {
      assertArrayEquals(new long[] {1}, of(log, Role.KV_INDICES, 0).data().integers());
    }
  }

  @Test
  void aProcessThatNeverSaysItsRankIsNamed() throws IOException {
    plan(7, 1);
    run(7);
    String message =
        assertThrows(InvalidInputException.class, () -> Dialects.read(List.of(folder)))
            .getMessage();
    assertTrue(
        message.endsWith(
            "process 41: expected a call of decode_cp_a2a_alltoall that says its rank, got none"),
        message);
  }

  @Test
  void passesOfTheDebugTensorDumpSayRankStepAndLayer() throws IOException {
    Path rank = Files.createDirectories(folder.resolve("TP1_PP0_Rank1_pid99"));
    new SafetensorsWriter()
        .tensor("model.layers.3.self_attn.attn", DType.F32, List.of(2, 8), new double[16])
        .tensor("model.layers.3.mlp", DType.F32, List.of(2, 8), new double[16])
        .write(rank.resolve("Pass00012.pt"));
    try (Collected passes = Dialects.read(List.of(folder))) {
      NamedTensor attention =
          passes.tensors().stream()
              .filter(tensor -> tensor.role().isPresent())
              .findFirst()
              .orElseThrow();
      assertEquals(Role.MERGED_OUTPUT, attention.role().orElseThrow());
      assertEquals(
          new Coordinates(OptionalInt.of(1), OptionalInt.of(12), OptionalInt.of(3)),
          attention.of());
    }
  }

  /**
   * The modules of SGLang's DeepSeek models: the rank's part of attention gives output and LSE, and
   * a tower for pictures is none. Process 3 is of the second stage of a pipeline.
   */
  @Test
  void modulesOfLatentAttentionAreKnown() throws IOException {
    Path rank = Files.createDirectories(folder.resolve("TP1_PP1_Rank3_pid99"));
    String layer = "model.layers.30.self_attn.";
    new SafetensorsWriter()
        .tensor(layer + "attn_mqa_for_dcp_decode.0", DType.F32, List.of(2, 8, 4), new double[64])
        .tensor(layer + "attn_mqa_for_dcp_decode.1", DType.F32, List.of(2, 8), new double[16])
        .tensor(layer + "attn_mqa", DType.F32, List.of(2, 4, 4), new double[32])
        .tensor(layer + "attn_mha", DType.F32, List.of(2, 4, 4), new double[32])
        .tensor("model.layers.31.self_attn.attn_mha", DType.F32, List.of(2, 4), new double[8])
        .tensor("visual.blocks.2.attn", DType.F32, List.of(2, 4), new double[8])
        .write(rank.resolve("Pass00000.pt"));
    try (Collected passes = Dialects.read(List.of(folder))) {
      List<String> known = new ArrayList<>();
      for (NamedTensor tensor : passes.tensors()) {
        known.add(
            "%s %d: %s"
                .formatted(
                    tensor.name(),
                    tensor.of().rank().orElseThrow(),
                    tensor.role().map(Role::toString).orElse("?")));
      }
      assertEquals(
          Set.of(
              layer + "attn_mqa_for_dcp_decode.0 1: partial-output",
              layer + "attn_mqa_for_dcp_decode.1 1: lse",
              layer + "attn_mqa 1: merged-output",
              layer + "attn_mha 1: ignored",
              "model.layers.31.self_attn.attn_mha 1: merged-output",
              "visual.blocks.2.attn 1: ?"),
          Set.copyOf(known));
    }
  }

  /** What is nearer to the tensor counts, and what tells a number is no part of the name. */
  @Test
  void namesOfFoldersFilesAndTensorsTellNumbers() throws IOException {
    Path layer = Files.createDirectories(folder.resolve("rank9/layer3"));
    new SafetensorsWriter()
        .tensor("step2.q", DType.F32, List.of(1), new double[1])
        .tensor("layers.5.attn_lse", DType.F32, List.of(1), new double[1])
        .write(layer.resolve("cp_rank_4.safetensors"));
    try (Collected files = Dialects.read(List.of(folder))) {
      Set<String> found = new TreeSet<>();
      files.tensors().forEach(tensor -> found.add(tensor.name() + " of " + tensor.of()));
      assertEquals(Set.of("attn_lse of rank 4, layer 5", "q of rank 4, step 2, layer 3"), found);
    }
  }

  private static Set<Role> roles(Collected log, int step) {
    Set<Role> roles = new TreeSet<>();
    for (NamedTensor tensor : log.tensors()) {
      if (tensor.of().step().equals(OptionalInt.of(step))) {
        roles.add(tensor.role().orElseGet(() -> byName(tensor.name())));
      }
    }
    return roles;
  }

  private static NamedTensor of(Collected log, Role role, int step) {
    return log.tensors().stream()
        .filter(tensor -> tensor.role().orElseGet(() -> byName(tensor.name())) == role)
        .filter(tensor -> tensor.of().step().equals(OptionalInt.of(step)))
        .findFirst()
        .orElseThrow();
  }

  private static Role byName(String name) {
    return switch (name) {
      case "indptr" -> Role.KV_INDPTR;
      case "indices" -> Role.KV_INDICES;
      case "last_page_len" -> Role.LAST_PAGE_LENGTHS;
      case "q" -> Role.QUERY;
      default -> Role.IGNORED;
    };
  }

  private void plan(int self, int page) throws IOException {
    call(
        WRAPPER + ".plan",
        "(self, indptr: torch.Tensor, indices: torch.Tensor, last_page_len: torch.Tensor,"
            + " sm_scale: Optional[float] = None) -> None",
        "{\"kwarg_sm_scale\": 0.25}",
        self,
        new SafetensorsWriter()
            .integers("arg_1", List.of(2), new long[] {0, 1})
            .integers("arg_2", List.of(1), new long[] {page})
            .integers("arg_3", List.of(1), new long[] {5}),
        new SafetensorsWriter());
  }

  private void run(int self) throws IOException {
    call(
        WRAPPER + ".run",
        "(self, q: torch.Tensor, paged_kv_cache: Union[torch.Tensor, Tuple[torch.Tensor,"
            + " torch.Tensor]], *args, return_lse: bool = False) -> torch.Tensor",
        "{\"kwarg_return_lse\": true}",
        self,
        new SafetensorsWriter()
            .tensor("arg_1", DType.F32, List.of(1, 2, 4), new double[8])
            .tensor("arg_2__0", DType.F32, List.of(3, 8, 1, 4), new double[96])
            .tensor("arg_2__1", DType.F32, List.of(3, 8, 1, 4), new double[96]),
        new SafetensorsWriter()
            .tensor("result_0", DType.F32, List.of(1, 2, 4), new double[8])
            .tensor("result_1", DType.F32, List.of(1, 2), new double[2]));
  }

  private void exchange() throws IOException {
    call(
        "decode_cp_a2a_alltoall",
        EXCHANGE,
        "{\"arg_3\": 0, \"arg_4\": 1}",
        0,
        new SafetensorsWriter().tensor("arg_0", DType.F32, List.of(1, 2, 1, 4), new double[8]),
        new SafetensorsWriter());
  }

  private void call(
      String function,
      String signature,
      String passed,
      int self,
      SafetensorsWriter inputs,
      SafetensorsWriter outputs)
      throws IOException {
    calls++;
    Path call =
        Files.createDirectory(
            folder.resolve("%03d_pid41_%s_call%04d".formatted(calls, function, calls)));
    inputs.write(call.resolve("inputs.safetensors"));
    outputs.write(call.resolve("outputs.safetensors"));
    String before = "{\"execution_status\": \"inputs_saved\"}\n";
    Files.writeString(
        call.resolve("metadata.jsonl"),
        before
            + "{\"function_name\": \"%s\", \"function_signature\": \"%s\", \"input_metadata\": %s, "
                .formatted(function, signature, passed)
            + "\"process_id\": 41, \"call_sequence\": %d, \"timestamp\": \"%03d\", \"self_id\": %d}\n"
                .formatted(calls, calls, self));
  }
}

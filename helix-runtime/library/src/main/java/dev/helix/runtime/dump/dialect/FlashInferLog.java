package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The dialect of FlashInfer's API log at level 10 (flashinfer/api_logging.py, as of November 2026):
 * a folder for each call, with its arguments, its results and a line of JSON.
 *
 * <p>A call names its process but neither rank nor layer. The rank of a process is the {@code
 * cp_rank} that it passes to {@code decode_cp_a2a_alltoall}. The calls of one function in a process
 * are counted as steps, and the first exchange belongs to the first attention. The pages of a
 * wrapper are those that its last {@code plan} before the {@code run} has stated.
 */
final class FlashInferLog {
  private static final String EXCHANGE = "decode_cp_a2a_alltoall";
  private static final String SNAPSHOTS = "graph_flushes";

  /** Roles of parameters whose names mean something else elsewhere, or nothing. */
  private static final Map<String, Role> OF_WRAPPERS =
      Map.of(
          "paged_kv_cache__0", Role.KEY_CACHE,
          "paged_kv_cache__1", Role.VALUE_CACHE,
          "kv_len_arr", Role.LOCAL_LENGTHS,
          "kv_len", Role.LOCAL_LENGTHS,
          "result", Role.PARTIAL_OUTPUT,
          "result_0", Role.PARTIAL_OUTPUT,
          "result_1", Role.LSE);

  private static final Map<String, Role> OF_EXCHANGE =
      Map.of(
          "partial_o", Role.SENT_OUTPUT,
          "softmax_stats", Role.SENT_STATISTICS,
          "workspace", Role.IGNORED,
          "result_0", Role.RECEIVED_OUTPUT,
          "result_1", Role.RECEIVED_STATISTICS);

  private static final Map<String, Role> OF_MERGE =
      Map.of(
          "v", Role.RECEIVED_OUTPUT,
          "s", Role.RECEIVED_LSE,
          "result_0", Role.MERGED_OUTPUT,
          "result_1", Role.MERGED_LSE);

  /** The merge is judged by what the exchange gave, so that nothing between the two is trusted. */
  private static final Map<String, Role> OF_MERGE_BEHIND_EXCHANGE =
      Map.of(
          "v", Role.IGNORED,
          "s", Role.IGNORED,
          "result_0", Role.MERGED_OUTPUT,
          "result_1", Role.MERGED_LSE);

  private final Collected collected = new Collected("FlashInfer's API log");
  private final Map<Integer, Integer> rankOfProcess = new HashMap<>();
  private final Set<Coordinates> exchanged = new HashSet<>();

  private FlashInferLog() {}

  /** Whether the files are of such a log. */
  static boolean isOne(List<DumpFile> files) {
    return files.stream().anyMatch(file -> file.name().equals(FlashInferCall.METADATA));
  }

  /** Reads the log. */
  static Collected read(List<DumpFile> files) {
    FlashInferLog log = new FlashInferLog();
    try {
      log.readCalls(files);
    } catch (InvalidInputException e) {
      log.collected.close();
      throw e;
    }
    return log.collected;
  }

  private void readCalls(List<DumpFile> files) {
    Map<String, List<DumpFile>> folders = new LinkedHashMap<>();
    for (DumpFile file : files) {
      if (file.within().contains("/" + SNAPSHOTS + "/")) {
        collected.remark(
            "%s is a snapshot of a CUDA graph; the last of them is read".formatted(file.path()));
      } else {
        folders.computeIfAbsent(file.folder(), folder -> new ArrayList<>()).add(file);
      }
    }
    List<FlashInferCall> calls = new ArrayList<>();
    for (List<DumpFile> folder : folders.values()) {
      for (DumpFile file : folder) {
        if (file.name().equals(FlashInferCall.METADATA)) {
          calls.add(FlashInferCall.read(file, folder, collected));
        }
      }
    }
    calls.sort(
        Comparator.comparing(FlashInferCall::process)
            .thenComparing(FlashInferCall::time)
            .thenComparing(FlashInferCall::sequence));
    calls.forEach(this::learnRank);
    Map<List<Object>, Integer> counts = new HashMap<>();
    Map<List<Object>, FlashInferCall> plans = new HashMap<>();
    for (FlashInferCall call : calls) {
      take(call, counts, plans);
    }
  }

  private void learnRank(FlashInferCall call) {
    OptionalInt rank =
        call.function().equals(EXCHANGE) ? call.integer("cp_rank") : OptionalInt.empty();
    if (rank.isPresent()) {
      call.integer("cp_size").ifPresent(collected::ranks);
      Integer before = rankOfProcess.put(call.process(), rank.getAsInt());
      if (before != null && before != rank.getAsInt()) {
        throw new InvalidInputException(
            "%s: cp_rank: expected %d, as in an earlier call of process %d, got %d"
                .formatted(call.file(), before, call.process(), rank.getAsInt()));
      }
    }
  }

  private void take(
      FlashInferCall call,
      Map<List<Object>, Integer> counts,
      Map<List<Object>, FlashInferCall> plans) {
    String function = call.function();
    String method = function.substring(function.lastIndexOf('.') + 1);
    List<Object> self = List.of(call.process(), call.self());
    if (method.equals("plan")) {
      plans.put(self, call);
      return;
    }
    Optional<Map<String, Role>> roles = roles(function, method);
    if (roles.isEmpty()) {
      collected.remark("%s: no part of %s is known".formatted(call.file(), function));
      return;
    }
    if (!call.isWhole()) {
      collected.remark("%s: the call has no results, so it is left out".formatted(call.file()));
      return;
    }
    int step = counts.merge(List.of(call.process(), method), 1, Integer::sum) - 1;
    Coordinates of =
        new Coordinates(OptionalInt.of(rank(call)), OptionalInt.of(step), OptionalInt.empty());
    if (plans.containsKey(self) && !call.self().isEmpty()) {
      add(plans.get(self), of, roles.get());
    }
    if (function.equals(EXCHANGE)) {
      exchanged.add(of);
    }
    boolean behind = roles.get().equals(OF_MERGE) && exchanged.contains(of);
    add(call, of, behind ? OF_MERGE_BEHIND_EXCHANGE : roles.get());
  }

  private static Optional<Map<String, Role>> roles(String function, String method) {
    if (function.equals(EXCHANGE)) {
      return Optional.of(OF_EXCHANGE);
    }
    if (method.equals("merge_states")) {
      return Optional.of(OF_MERGE);
    }
    boolean attention = function.contains("Wrapper.") && method.startsWith("run");
    return attention ? Optional.of(OF_WRAPPERS) : Optional.empty();
  }

  private int rank(FlashInferCall call) {
    Integer rank = rankOfProcess.get(call.process());
    if (rank == null) {
      throw new InvalidInputException(
          "%s: process %d: expected a call of %s that says its rank, got none"
              .formatted(call.file(), call.process(), EXCHANGE));
    }
    return rank;
  }

  private void add(FlashInferCall call, Coordinates of, Map<String, Role> roles) {
    for (Map.Entry<String, FileTensor> entry : call.tensors().entrySet()) {
      NamedTensor tensor = new NamedTensor(entry.getKey(), of, entry.getValue());
      Role role = roles.get(entry.getKey());
      if (role == null) {
        collected.add(tensor);
      } else {
        NamedTensor known = tensor.as(role);
        List<DumpAxis> axes = axes(role, entry.getValue().axes(), roles);
        collected.add(axes.isEmpty() ? known : known.with(axes));
      }
    }
    call.number("sm_scale").ifPresent(scale -> collected.fact("sm_scale", "" + scale));
  }

  /** The axes that the function's documentation states. */
  private static List<DumpAxis> axes(Role role, int axes, Map<String, Role> roles) {
    boolean output = role == Role.SENT_OUTPUT || role == Role.RECEIVED_OUTPUT;
    boolean statistics = role == Role.SENT_STATISTICS || role == Role.RECEIVED_STATISTICS;
    DumpAxis last = output ? DumpAxis.HEAD_DIM : DumpAxis.STATISTICS;
    if (roles.equals(OF_EXCHANGE) && (output || statistics) && axes == 4) {
      return List.of(DumpAxis.BATCH, DumpAxis.HEADS, DumpAxis.PEERS, last);
    }
    if (roles.equals(OF_MERGE) && output && axes == 4) {
      return List.of(DumpAxis.BATCH, DumpAxis.PEERS, DumpAxis.HEADS, last);
    }
    if (roles.equals(OF_MERGE) && role == Role.RECEIVED_LSE && axes == 3) {
      return List.of(DumpAxis.BATCH, DumpAxis.PEERS, DumpAxis.HEADS);
    }
    return List.of();
  }
}

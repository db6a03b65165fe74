package dev.helix.runtime.sharded;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Files of the ranks of a drawn step, with such names as serving systems use. */
final class DrawnDump {
  private DrawnDump() {}

  /** Writes a file for each rank with the tensors that it has, in safetensors. */
  static void write(Path folder, DrawnStep drawn, ShardedStep step) {
    write(folder, drawn, step, Map.of());
  }

  /** Writes, beside what the rank has, numbers that it states. */
  static void write(Path folder, DrawnStep drawn, ShardedStep step, Map<String, double[]> stated) {
    StepShape shape = step.facts().shape();
    int tokens = step.facts().tokens().size();
    int requests = step.facts().owners().requests();
    for (RankStep rank : step.ranks()) {
      RankCache cache = rank.cache().orElseThrow();
      int page = cache.pageSize();
      int pages = drawn.pages(rank.rank());
      int width = IntStream.range(0, requests).map(r -> cache.pages(r).length).max().orElse(0);
      long[] table = new long[requests * width];
      Arrays.fill(table, RankCache.NO_PAGE);
      for (int request = 0; request < requests; request++) {
        for (int i = 0; i < cache.pages(request).length; i++) {
          table[request * width + i] = cache.pages(request)[i];
        }
      }
      SafetensorsWriter writer = new SafetensorsWriter();
      List<Integer> rows = List.of(tokens, shape.heads());
      numbers(writer, "q", rank, StepTensor.QUERY, with(rows, shape.keyDim()));
      numbers(writer, "partial_o", rank, StepTensor.PARTIAL_OUTPUT, with(rows, shape.valueDim()));
      numbers(writer, "lse", rank, StepTensor.PARTIAL_LSE, rows);
      List<Integer> own = List.of(tokens, shape.ownHeads());
      numbers(writer, "output", rank, StepTensor.MERGED_OUTPUT, with(own, shape.valueDim()));
      writer
          .integers("block_table", List.of(requests, width), table)
          .integers("local_seq_lens", List.of(requests), longs(rank))
          .integers("seq_lens", List.of(requests), lengths(step))
          .integers(
              "positions",
              List.of(tokens),
              step.facts().tokens().stream().mapToLong(QueryToken::position).toArray());
      if (drawn.isLatent()) {
        writer.tensor(
            "mla_cache", DType.F32, List.of(pages, page, shape.keyDim()), drawn.keys(rank.rank()));
      } else {
        writer
            .tensor(
                "k_cache",
                DType.F32,
                List.of(pages, page, shape.kvHeads(), shape.keyDim()),
                drawn.keys(rank.rank()))
            .tensor(
                "v_cache",
                DType.F32,
                List.of(pages, page, shape.kvHeads(), shape.valueDim()),
                drawn.values(rank.rank()));
      }
      CacheScales scales = step.facts().forms().cache();
      if (!scales.areOne()) {
        writer
            .tensor("k_scale", DType.F64, List.of(), new double[] {scales.keys().get(0)})
            .tensor("v_scale", DType.F64, List.of(), new double[] {scales.values().get(0)});
      }
      perHead(writer, "sinks", step.facts().scores().sinks());
      perHead(writer, "alibi_slopes", step.facts().scores().alibiSlopes());
      stated.forEach(
          (name, numbers) ->
              writer.tensor(
                  name,
                  DType.F32,
                  numbers.length == 1 ? List.of() : List.of(numbers.length),
                  numbers));
      writer.write(folder.resolve("rank%d.safetensors".formatted(rank.rank())));
    }
  }

  private static void perHead(SafetensorsWriter writer, String name, List<Double> numbers) {
    if (!numbers.isEmpty()) {
      double[] all = numbers.stream().mapToDouble(Double::doubleValue).toArray();
      writer.tensor(name, DType.F32, List.of(all.length), all);
    }
  }

  private static long[] longs(RankStep rank) {
    return Arrays.stream(rank.get(StepTensor.LOCAL_LENGTHS))
        .mapToLong(length -> (long) length)
        .toArray();
  }

  private static long[] lengths(ShardedStep step) {
    TokenOwners owners = step.facts().owners();
    return IntStream.range(0, owners.requests()).mapToLong(owners::length).toArray();
  }

  private static List<Integer> with(List<Integer> rows, int components) {
    return List.of(rows.get(0), rows.get(1), components);
  }

  private static void numbers(
      SafetensorsWriter writer,
      String name,
      RankStep rank,
      StepTensor tensor,
      List<Integer> shape) {
    if (rank.has(tensor)) {
      writer.tensor(name, DType.F32, shape, rank.get(tensor));
    }
  }
}

package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of FlashInfer that holds the calls of the exchange and of {@code merge_states} is enough
 * for the stages of both. The second call is added here to a log that FlashInfer has written.
 */
class FlashInferMergeTest {
  private static final Path LOG =
      Path.of("src/test/resources/dev/helix/runtime/dumps/5-right/flashinfer-safetensors");

  private static final GivenFacts BASE_2 =
      GivenFacts.NONE.with(
          new GivenFacts.Forms(
              Optional.empty(), Optional.of(LogBase.TWO), OptionalInt.empty(), Optional.empty()));

  @TempDir private Path folder;

  @Test
  void aRightMergeBehindTheExchangeHolds() throws IOException {
    StageVerdict merge = judged(LogBase.TWO);
    assertTrue(merge.isChecked());
    assertFalse(merge.isWrong());
  }

  @Test
  void aMergeInAnotherBaseIsConvictedAndNamed() throws IOException {
    StageVerdict merge = judged(LogBase.E);
    assertTrue(merge.isWrong());
    assertEquals("base-2 LSE merged as base e", merge.explanations().get(0).best().get(0).fault());
  }

  /** The verdict on the stage merge where all ranks merge LSEs of base 2 in this base. */
  private StageVerdict judged(LogBase base) throws IOException {
    try (Stream<Path> files = Files.walk(LOG)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path copy = folder.resolve(LOG.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    try (Dump log = DumpReader.open(List.of(LOG), DumpOptions.NONE)) {
      for (int rank = 0; rank < log.ranks(); rank++) {
        addMerge(log, rank, base);
      }
    }
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      DumpedSteps steps = new DumpedSteps(dump, BASE_2);
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      return StepVerdict.of(dumped.right(), EnumSet.of(Stage.MERGE), dumped.unknown())
          .stage(Stage.MERGE);
    }
  }

  /** Adds the call of one rank. A pair of statistics is an LSE in base 2 and an unused 0. */
  private void addMerge(Dump log, int rank, LogBase base) throws IOException {
    DumpTensor outputs =
        log.find(Role.RECEIVED_OUTPUT, rank, log.moments().get(0))
            .orElseThrow()
            .in(DumpAxis.BATCH, DumpAxis.PEERS, DumpAxis.HEADS, DumpAxis.HEAD_DIM);
    DumpTensor statistics =
        log.find(Role.RECEIVED_STATISTICS, rank, log.moments().get(0))
            .orElseThrow()
            .in(DumpAxis.BATCH, DumpAxis.PEERS, DumpAxis.HEADS, DumpAxis.STATISTICS);
    int batch = (int) outputs.size(DumpAxis.BATCH);
    int peers = (int) outputs.size(DumpAxis.PEERS);
    int heads = (int) outputs.size(DumpAxis.HEADS);
    int dim = (int) outputs.size(DumpAxis.HEAD_DIM);
    double[] values = outputs.data().numbers();
    double[] pairs = statistics.data().numbers();
    double[] lses = new double[batch * peers * heads];
    double[] merged = new double[batch * heads * dim];
    double[] mergedLses = new double[batch * heads];
    for (int token = 0; token < batch; token++) {
      for (int head = 0; head < heads; head++) {
        double sum = 0;
        for (int peer = 0; peer < peers; peer++) {
          int at = (token * peers + peer) * heads + head;
          lses[at] = pairs[2 * at];
          double weight = Math.exp(lses[at] * base.nats());
          sum += weight;
          for (int i = 0; i < dim; i++) {
            merged[(token * heads + head) * dim + i] += weight * values[at * dim + i];
          }
        }
        for (int i = 0; i < dim; i++) {
          merged[(token * heads + head) * dim + i] /= sum;
        }
        mergedLses[token * heads + head] = Math.log(sum) / base.nats();
      }
    }
    Path call = Files.createDirectories(folder.resolve("merge" + rank));
    new SafetensorsWriter()
        .tensor("arg_0", DType.BF16, List.of(batch, peers, heads, dim), values)
        .tensor("arg_1", DType.F32, List.of(batch, peers, heads), lses)
        .write(call.resolve("inputs.safetensors"));
    new SafetensorsWriter()
        .tensor("result_0", DType.BF16, List.of(batch, heads, dim), merged)
        .tensor("result_1", DType.F32, List.of(batch, heads), mergedLses)
        .write(call.resolve("outputs.safetensors"));
    Files.writeString(call.resolve("metadata.jsonl"), metadata(process(rank)));
  }

  private static int process(int rank) {
    return List.of(18802, 20031).get(rank);
  }

  private static String metadata(int process) {
    return String.format(
        Locale.ROOT,
        "{\"function_name\": \"merge_states\", \"module\": \"flashinfer.cascade\","
            + " \"call_sequence\": 2, \"timestamp\": \"20261128_060000_000\", \"process_id\": %d,"
            + " \"input_metadata\": {}, \"output_metadata\": {}, \"tensor_info\":"
            + " {\"input_tensor_keys\": [\"arg_0\", \"arg_1\"], \"output_tensor_keys\":"
            + " [\"result_0\", \"result_1\"]}, \"tensor_format\": \"safetensors\","
            + " \"function_signature\": \"(v, s)\", \"execution_status\": \"completed\"}%n",
        process);
  }
}

package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The dump of the last step of a run under Helix Parallelism: what each rank held inside of the
 * attention of every layer, in double precision, with LSEs to base e. It is one safetensors file
 * for each rank.
 */
public final class RunDump {
  private RunDump() {}

  /** The names of the files that are written. */
  public static List<String> files(int ranks) {
    return IntStream.range(0, ranks).mapToObj("rank%d.safetensors"::formatted).toList();
  }

  /**
   * Writes the dump.
   *
   * @param folder a folder that exists
   * @param record of a reading whose states are outputs and log-sum-exps, with what each rank held
   *     inside of attention
   * @throws InvalidInputException if the run was under another strategy, or a file cannot be
   *     written
   */
  public static void write(Path folder, DecodePlan plan, RunRecord record) {
    if (!(plan.strategy() instanceof HelixStrategy strategy)) {
      throw new InvalidInputException("dump: expected a run under Helix Parallelism");
    }
    AttentionRecord attention =
        record
            .attention()
            .orElseThrow(() -> new IllegalArgumentException("no attention was recorded"));
    List<QueryToken> step = record.steps().get(record.steps().size() - 1).queries();
    List<String> names = files(strategy.ranks());
    for (int rank = 0; rank < names.size(); rank++) {
      new RankDump(plan, strategy, attention, step, rank).write(folder.resolve(names.get(rank)));
    }
  }
}

package dev.helix.runtime.dump.writing;

import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The dump of a step of a run under Helix Parallelism: what each rank held inside of the attention
 * of every layer, in the formats and the layout of a convention. It is one safetensors file for
 * each rank.
 */
public final class RunDump {
  private RunDump() {}

  /** The names of the files that are written. */
  public static List<String> files(int ranks) {
    return IntStream.range(0, ranks).mapToObj("rank%d.safetensors"::formatted).toList();
  }

  /**
   * Writes the dump of the last step in double precision, with LSEs to base e.
   *
   * @param folder a folder that exists
   * @param record of a run in double precision, with what each rank held inside of attention
   * @throws InvalidInputException if the run was under another strategy, or a file cannot be
   *     written
   */
  public static void write(Path folder, DecodePlan plan, RunRecord record) {
    write(folder, plan, record, DumpForm.DOUBLES);
  }

  /**
   * Writes the dump.
   *
   * @param folder a folder that exists
   * @param plan the plan without a fault
   * @param record of a reading whose states are outputs and log-sum-exps, with what each rank held
   *     inside of attention
   * @param form which step is dumped, and how
   * @throws InvalidInputException if the run was under another strategy or has no such step, or a
   *     file cannot be written
   */
  public static void write(Path folder, DecodePlan plan, RunRecord record, DumpForm form) {
    if (!(plan.strategy() instanceof HelixStrategy)) {
      throw new InvalidInputException("dump: expected a run under Helix Parallelism");
    }
    if (record.attention().isEmpty()) {
      throw new IllegalArgumentException("no attention was recorded");
    }
    int steps = record.steps().size();
    int step = form.step().orElse(steps - 1);
    if (step < 0 || step >= steps) {
      throw new InvalidInputException(
          "--dump-step: expected 0 to %d, got %d".formatted(steps - 1, step));
    }
    DumpedTokens tokens = new DumpedTokens(record.steps().get(step).queries());
    List<String> names = files(plan.strategy().ranks());
    for (int rank = 0; rank < names.size(); rank++) {
      new RankDump(plan, record, tokens, form, rank).write(folder.resolve(names.get(rank)));
    }
  }
}

package dev.helix.runtime.dump.writing;

import dev.helix.attention.convention.Convention;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.mesh.Communicator;
import java.util.function.UnaryOperator;

/**
 * A reading whose ranks hold and merge partial states as a convention has them: rounded to its
 * formats, and merged under its protocol. Queries, keys and values are in the format of answers.
 * Everything else is computed as in the reading beneath.
 *
 * <p>A fault lies between two layers. Beneath it is the merge of the convention, which a fault of
 * the merge replaces. Above it is the rounding of all that ranks hold, which a faulty program does
 * as well as a right one.
 */
public final class ConventionReading<T extends Tensor> implements Reading<T> {
  private final Reading<T> beneath;
  private final Layer<T> layer;

  /** What a layer makes of the operations of one rank. */
  private interface Layer<T extends Tensor> {
    RankOperations<T> over(RankOperations<T> operations);
  }

  private ConventionReading(Reading<T> beneath, Layer<T> layer) {
    this.beneath = beneath;
    this.layer = layer;
  }

  /**
   * Reads a run in a convention.
   *
   * @param healthy a reading in floating point
   * @param fault puts a fault into a reading, or returns it as it is
   */
  public static <T extends Tensor> Reading<T> of(
      Reading<T> healthy, Convention convention, UnaryOperator<Reading<T>> fault) {
    Reading<T> merging =
        new ConventionReading<>(healthy, operations -> merging(operations, convention));
    return new ConventionReading<>(
        fault.apply(merging), operations -> rounding(operations, convention));
  }

  private static <T extends Tensor> RankOperations<T> merging(
      RankOperations<T> operations, Convention convention) {
    RankNumbers<T> numbers = new RankNumbers<>("merge of a convention", operations.kernels());
    return new RankOperations<>(
        operations.scope(),
        operations.kernels(),
        new MergingKernels<>(operations.attention(), numbers, convention),
        operations.ffn(),
        operations.collectives(),
        operations.latent(),
        operations.moe());
  }

  private static <T extends Tensor> RankOperations<T> rounding(
      RankOperations<T> operations, Convention convention) {
    RankNumbers<T> numbers = new RankNumbers<>("roundings of a convention", operations.kernels());
    RoundedStates<T> rounded = new RoundedStates<>(numbers, convention);
    return new RankOperations<>(
        operations.scope(),
        operations.kernels(),
        rounded.over(operations.attention()),
        operations.ffn(),
        operations.collectives(),
        operations.latent().map(rounded::over),
        operations.moe());
  }

  @Override
  public String name() {
    return beneath.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    return layer.over(beneath.on(communicator));
  }
}

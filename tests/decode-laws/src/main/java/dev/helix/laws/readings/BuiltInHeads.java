package dev.helix.laws.readings;

import dev.helix.attention.QueryToken;
import dev.helix.laws.head.HeadAnswer;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.runtime.decode.GatheredLogits;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.group.GroupHead;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.HeldState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Adapters around this project's own head on ranks and its greedy choice, in each reading. One row
 * that is not sampled, like those of a prompt, stands before the rows of a case.
 */
public final class BuiltInHeads {
  /**
   * The ε of the final norm. It vanishes beside 1, so that the norm leaves states of ±1 as they
   * are.
   */
  private static final double EPSILON = 1e-30;

  private BuiltInHeads() {}

  /** The heads of all readings, by name. */
  public static Map<String, HeadUnderTest> all() {
    Map<String, HeadUnderTest> heads = new LinkedHashMap<>();
    heads.put("fp64 head", fp64());
    heads.put("exact head", exact());
    heads.put("scalar head", scalar());
    return heads;
  }

  /** The head of the {@code fp64} reading. */
  public static HeadUnderTest fp64() {
    return input -> decode(input, Fp64Reading::new);
  }

  /** The head of the {@code exact} reading. */
  public static HeadUnderTest exact() {
    return input -> decode(input, ExactReading::new);
  }

  /** The head of the {@code counting} reading. */
  public static HeadUnderTest scalar() {
    return input -> decode(input, CountingReading::new);
  }

  private static <T extends Tensor> HeadAnswer decode(
      HeadInput input, Supplier<Reading<T>> readings) {
    Reading<T> reading = readings.get();
    List<double[]> ranks =
        ThreadRanks.inOneJvm(input.ranks(), communicator -> logits(input, reading, communicator));
    for (double[] other : ranks) {
      if (!Arrays.equals(ranks.get(0), other)) {
        throw new IllegalStateException("the ranks have gathered different logits");
      }
    }
    GatheredLogits gathered = new GatheredLogits(ranks.get(0), input.rows(), input.vocabulary());
    return new HeadAnswer(
        IntStream.range(0, input.rows())
            .mapToObj(gathered::row)
            .flatMapToDouble(Arrays::stream)
            .toArray(),
        IntStream.range(0, input.rows()).map(gathered::greedy).toArray());
  }

  private static <T extends Tensor> double[] logits(
      HeadInput input, Reading<T> reading, Communicator communicator) {
    RankOperations<T> operations = reading.on(communicator);
    int hidden = input.hidden();
    double[] states = new double[(input.rows() + 1) * hidden];
    Arrays.fill(states, 0, hidden, -1);
    System.arraycopy(input.states(), 0, states, hidden, states.length - hidden);
    double[] shard = new double[input.share() * hidden];
    int from = Math.min(input.weight().length, communicator.rank() * shard.length);
    int length = Math.min(shard.length, input.weight().length - from);
    System.arraycopy(input.weight(), from, shard, 0, length);
    double[] ones = new double[hidden];
    Arrays.fill(ones, 1);
    Dim width = new Dim(Axis.HIDDEN, hidden);
    GroupHead<T> head =
        new GroupHead<>(
            operations,
            constant(operations, "final norm", ones, width),
            EPSILON,
            constant(operations, "head", shard, new Dim(Axis.VOCABULARY, input.share()), width),
            new HeldState.Replicated(
                new Group("all", IntStream.range(0, input.ranks()).boxed().toList())));
    List<StepRow> batch = new ArrayList<>();
    for (int row = 0; row <= input.rows(); row++) {
      batch.add(new StepRow(new QueryToken(row, 0), 0, row > 0));
    }
    T x = constant(operations, "states", states, new Dim(Axis.BATCH, batch.size()), width);
    HeldRows<T> held = new HeldRows<>(x, batch.stream().map(StepRow::query).toList());
    return operations.kernels().toHost(head.logits(held, batch).values());
  }

  private static <T extends Tensor> T constant(
      RankOperations<T> operations, String name, double[] numbers, Dim... dims) {
    String own = name + " of rank " + operations.kernels().rank();
    return operations
        .kernels()
        .constant(Spec.of(DType.F64, dims), new WeightSlice(own, () -> numbers));
  }
}

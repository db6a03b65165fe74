package dev.helix.runtime.strategy.group;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.FeedForward;
import dev.helix.ffn.MoeKernels;
import dev.helix.ffn.MoeOperations;
import dev.helix.ffn.expertparallel.ExpertParallelMoe;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.helix.DenseFfnWeights;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.HelixDenseFfn;
import dev.helix.ffn.helix.HelixMoe;
import dev.helix.ffn.helix.MoeSettings;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.ffn.helix.MoeWeights;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ExpertNames;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads one rank's FFN of a layer, dense or of experts, with its slices of the weights. */
public final class FfnLoader<T extends Tensor> {
  private final GroupModel group;
  private final RankOperations<T> operations;
  private final RankWeights<T> weights;
  private final RouterSource<T> routers;
  private final int rank;

  FfnLoader(
      GroupModel group,
      RankOperations<T> operations,
      RankWeights<T> weights,
      RouterSource<T> routers) {
    this.group = group;
    this.routers = routers;
    this.operations = operations;
    this.weights = weights;
    this.rank = operations.kernels().rank();
  }

  FeedForward<T> load(int layer) {
    Optional<Mixture> mixture = group.model().mixture(layer);
    return mixture.isPresent()
        ? moe(layer, mixture.get())
        : dense(
            group.dense(),
            weights.precision().ffn(),
            LlamaNames.gate(layer),
            LlamaNames.up(layer),
            LlamaNames.down(layer));
  }

  private HelixDenseFfn<T> dense(
      FfnSharding sharding, DType dtype, String gate, String up, String down) {
    int from = sharding.firstColumn(rank);
    int to = from + sharding.localColumns();
    return new HelixDenseFfn<>(
        operations.kernels(),
        operations.ffn(),
        operations.collectives(),
        sharding,
        columns(new Columns(dtype, sharding.shape().hidden(), from, to), gate, up, down));
  }

  /** Loads columns of gate and up, and the matching ones of down. */
  private DenseFfnWeights<T> columns(Columns own, String gate, String up, String down) {
    WeightSlice gateUp =
        Checkpoint.stack(
            List.of(
                weights.slice(gate, own.from, own.to, 0, own.hidden),
                weights.slice(up, own.from, own.to, 0, own.hidden)));
    return new DenseFfnWeights<>(
        weights.matrix(own.gateUp, gateUp),
        weights.matrix(own.down, weights.slice(down, 0, own.hidden, own.from, own.to)));
  }

  /** Columns {@code [from, to)} of an FFN or of each of some experts, with their shapes. */
  private static final class Columns {
    private final int hidden;
    private final int from;
    private final int to;
    private final Spec gateUp;
    private final Spec down;

    Columns(DType dtype, int hidden, int from, int to) {
      this.hidden = hidden;
      this.from = from;
      this.to = to;
      this.gateUp = Spec.of(dtype, Axis.GATE_UP, 2 * (to - from), Axis.HIDDEN, hidden);
      this.down = Spec.of(dtype, Axis.HIDDEN, hidden, Axis.INTERMEDIATE, to - from);
    }
  }

  private HelixMoe<T> moe(int layer, Mixture mixture) {
    MoeSharding sharding = new MoeSharding(mixture.shape(), group.layout());
    MoeSettings settings = new MoeSettings(sharding, group.plan().moe());
    int from = sharding.firstColumn(rank);
    return new HelixMoe<>(
        moeOperations(),
        settings,
        routers.router(layer, mixture, sharding.experts(rank)),
        moeWeights(
            layer,
            router(layer, mixture, settings.routerRows()),
            new ExpertColumns(
                mixture, sharding.experts(rank), from, from + sharding.localColumns())),
        shared(layer, mixture));
  }

  /**
   * Loads a mixture of experts under expert parallelism: the whole router, and the whole experts of
   * the rank.
   *
   * @param copies the ranks that hold the same tokens as this one, which share the shared expert
   */
  public ExpertParallelMoe<T> expertParallel(
      int layer, Mixture mixture, ExpertParallelSharding sharding, Group copies) {
    return new ExpertParallelMoe<>(
        moeOperations(),
        new ExpertParallelMoe.Groups(sharding.ranks(), copies),
        routers.sender(layer, mixture, sharding),
        moeWeights(
            layer,
            router(layer, mixture, mixture.shape().experts()),
            new ExpertColumns(mixture, sharding.experts(rank), 0, mixture.shape().intermediate())),
        shared(layer, mixture));
  }

  private MoeOperations<T> moeOperations() {
    MoeKernels<T> kernels =
        operations
            .moe()
            .orElseThrow(() -> new InvalidInputException("this reading does not compute experts"));
    return new MoeOperations<>(operations.kernels(), kernels, operations.collectives());
  }

  private Optional<HelixDenseFfn<T>> shared(int layer, Mixture mixture) {
    ExpertNames names = mixture.names();
    return mixture.shape().hasShared()
        ? Optional.of(
            dense(
                group.shared(mixture.shape()),
                weights.precision().experts(),
                names.sharedGate(layer),
                names.sharedUp(layer),
                names.sharedDown(layer)))
        : Optional.empty();
  }

  /** Loads all rows of the router, or those of this rank if there are fewer on each rank. */
  private T router(int layer, Mixture mixture, int rows) {
    int hidden = mixture.shape().hidden();
    int experts = mixture.shape().experts();
    int from = rows == experts ? 0 : Math.min(experts, group.layout().index(rank) * rows);
    int to = Math.min(experts, from + rows);
    WeightSlice router =
        Checkpoint.padRows(
            weights.slice(mixture.names().router(layer), from, to, 0, hidden), rows - (to - from));
    return weights.unquantized(Axis.EXPERTS, rows, Axis.HIDDEN, hidden, router);
  }

  private MoeWeights<T> moeWeights(int layer, T router, ExpertColumns own) {
    ExpertNames names = own.mixture().names();
    List<T> gateUps = new ArrayList<>();
    List<T> downs = new ArrayList<>();
    Columns columns =
        new Columns(
            weights.precision().experts(), own.mixture().shape().hidden(), own.from(), own.to());
    for (int expert = own.experts().first(); own.experts().has(expert); expert++) {
      DenseFfnWeights<T> ofExpert =
          columns(
              columns,
              names.gate(layer, expert),
              names.up(layer, expert),
              names.down(layer, expert));
      gateUps.add(ofExpert.gateUp());
      downs.add(ofExpert.down());
    }
    return new MoeWeights<>(router, gateUps, downs);
  }

  /** The experts of a rank, and the columns {@code [from, to)} that it has of each. */
  private record ExpertColumns(Mixture mixture, ExpertRange experts, int from, int to) {}
}

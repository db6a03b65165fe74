package dev.helix.runtime.strategy.group;

import dev.helix.ffn.FeedForward;
import dev.helix.ffn.MoeKernels;
import dev.helix.ffn.MoeOperations;
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
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads one rank's FFN of a layer, dense or of experts, with its slices of the weights. */
final class FfnLoader<T extends Tensor> {
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
            group.dense(), LlamaNames.gate(layer), LlamaNames.up(layer), LlamaNames.down(layer));
  }

  private HelixDenseFfn<T> dense(FfnSharding sharding, String gate, String up, String down) {
    int from = sharding.firstColumn(rank);
    int to = from + sharding.localColumns();
    return new HelixDenseFfn<>(
        operations.kernels(),
        operations.ffn(),
        operations.collectives(),
        sharding,
        columns(sharding.shape().hidden(), from, to, gate, up, down));
  }

  /** Loads columns {@code [from, to)} of gate and up, and the matching ones of down. */
  private DenseFfnWeights<T> columns(
      int hidden, int from, int to, String gate, String up, String down) {
    WeightSlice gateUp =
        Checkpoint.stack(
            List.of(
                weights.slice(gate, from, to, 0, hidden), weights.slice(up, from, to, 0, hidden)));
    return new DenseFfnWeights<>(
        weights.matrix(Axis.GATE_UP, 2 * (to - from), Axis.HIDDEN, hidden, gateUp),
        weights.matrix(
            Axis.HIDDEN,
            hidden,
            Axis.INTERMEDIATE,
            to - from,
            weights.slice(down, 0, hidden, from, to)));
  }

  private HelixMoe<T> moe(int layer, Mixture mixture) {
    MoeKernels<T> kernels =
        operations
            .moe()
            .orElseThrow(() -> new InvalidInputException("this reading does not compute experts"));
    MoeSharding sharding = new MoeSharding(mixture.shape(), group.layout());
    MoeSettings settings = new MoeSettings(sharding, group.plan().moe());
    ExpertNames names = mixture.names();
    Optional<HelixDenseFfn<T>> shared =
        mixture.shape().hasShared()
            ? Optional.of(
                dense(
                    sharding.shared(),
                    names.sharedGate(layer),
                    names.sharedUp(layer),
                    names.sharedDown(layer)))
            : Optional.empty();
    return new HelixMoe<>(
        new MoeOperations<>(operations.kernels(), kernels, operations.collectives()),
        settings,
        routers.router(layer, mixture, sharding.experts(rank)),
        moeWeights(layer, mixture, settings),
        shared);
  }

  /**
   * Loads the rows of the router that the rank has, and F/TPF columns of each of the E/EP experts
   * of its group.
   */
  private MoeWeights<T> moeWeights(int layer, Mixture mixture, MoeSettings settings) {
    MoeSharding sharding = settings.sharding();
    int hidden = mixture.shape().hidden();
    int rows = settings.routerRows();
    int experts = mixture.shape().experts();
    int rowFrom = rows == experts ? 0 : Math.min(experts, group.layout().index(rank) * rows);
    int rowTo = Math.min(experts, rowFrom + rows);
    WeightSlice router =
        Checkpoint.padRows(
            weights.slice(mixture.names().router(layer), rowFrom, rowTo, 0, hidden),
            rows - (rowTo - rowFrom));
    List<T> gateUps = new ArrayList<>();
    List<T> downs = new ArrayList<>();
    int from = sharding.firstColumn(rank);
    int to = from + sharding.localColumns();
    int first = sharding.firstExpert(rank);
    for (int expert = first; expert < first + sharding.localExperts(); expert++) {
      DenseFfnWeights<T> columns =
          columns(
              hidden,
              from,
              to,
              mixture.names().gate(layer, expert),
              mixture.names().up(layer, expert),
              mixture.names().down(layer, expert));
      gateUps.add(columns.gateUp());
      downs.add(columns.down());
    }
    return new MoeWeights<>(
        weights.unquantized(Axis.EXPERTS, rows, Axis.HIDDEN, hidden, router), gateUps, downs);
  }
}

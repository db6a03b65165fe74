package dev.helix.runtime.loading;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.LogitSender;
import dev.helix.ffn.expertparallel.TokenSender;
import dev.helix.ffn.helix.LogitRouter;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Tensor;

/** Makes routers that choose by logits, with the selection bias that the checkpoint has. */
public record CheckpointRouters<T extends Tensor>(
    Checkpoint checkpoint, RankOperations<T> operations) implements RouterSource<T> {
  @Override
  public TokenRouter<T> router(int layer, Mixture mixture, ExpertRange experts) {
    return new LogitRouter<>(operations.kernels(), chooser(layer, mixture), experts);
  }

  @Override
  public TokenSender<T> sender(int layer, Mixture mixture, ExpertParallelSharding sharding) {
    return new LogitSender<>(
        operations.kernels(), operations.collectives(), chooser(layer, mixture), sharding);
  }

  private ExpertRouter chooser(int layer, Mixture mixture) {
    double[] bias =
        mixture.biased()
            ? checkpoint.read(mixture.names().bias(layer))
            : new double[mixture.shape().experts()];
    return new ExpertRouter(mixture.rule(), bias);
  }
}

package dev.helix.runtime.loading;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.helix.LogitRouter;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;

/** Makes routers that choose by logits, with the selection bias that the checkpoint has. */
public record CheckpointRouters<T extends Tensor>(Checkpoint checkpoint, Kernels<T> kernels)
    implements RouterSource<T> {
  @Override
  public TokenRouter<T> router(int layer, Mixture mixture, ExpertRange experts) {
    double[] bias =
        mixture.biased()
            ? checkpoint.read(mixture.names().bias(layer))
            : new double[mixture.shape().experts()];
    return new LogitRouter<>(kernels, new ExpertRouter(mixture.rule(), bias), experts);
  }
}

package dev.helix.runtime.reading;

import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.exact.ExactLatentKernels;
import dev.helix.ffn.exact.ExactFfnKernels;
import dev.helix.ffn.exact.ExactMoeKernels;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import java.util.Optional;

/**
 * The {@code exact} reading, which gives logits with the same bits for every layout: those of
 * {@link dev.helix.runtime.definition.DecoderDefinition}.
 */
public final class ExactReading implements Reading<ExactTensor> {
  public static final String NAME = "exact";

  private final ExactConstants constants = new ExactConstants();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RankOperations<ExactTensor> on(Communicator communicator) {
    ExactRank rank = new ExactRank(communicator.scope());
    return new RankOperations<>(
        communicator.scope(),
        new ExactKernels(rank, constants),
        new ExactAttentionKernels(rank),
        new ExactFfnKernels(rank),
        new WireCollectives<>(communicator, new ExactWire(rank)),
        Optional.of(new ExactLatentKernels(rank)),
        Optional.of(new ExactMoeKernels(rank, constants)));
  }
}

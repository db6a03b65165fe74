package dev.helix.runtime.reading;

import dev.helix.attention.scalar.ScalarAttentionKernels;
import dev.helix.attention.scalar.ScalarLatentKernels;
import dev.helix.ffn.scalar.ScalarFfnKernels;
import dev.helix.ffn.scalar.ScalarMoeKernels;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import dev.helix.tensor.scalar.ScalarWire;
import java.util.Optional;

/** Makes the textbook kernels of all modules in one arithmetic. */
final class ScalarOperations {
  private ScalarOperations() {}

  static <S> RankOperations<ScalarTensor<S>> of(
      Communicator communicator, Arithmetic<S> arithmetic, ScalarConstants<S> constants) {
    ScalarRank<S> rank = new ScalarRank<>(communicator.scope(), arithmetic);
    return new RankOperations<>(
        communicator.scope(),
        new ScalarKernels<>(rank, constants),
        new ScalarAttentionKernels<>(rank),
        new ScalarFfnKernels<>(rank),
        new WireCollectives<>(communicator, new ScalarWire<>(rank)),
        Optional.of(new ScalarLatentKernels<>(rank)),
        Optional.of(new ScalarMoeKernels<>(rank)));
  }
}

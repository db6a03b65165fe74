package dev.helix.runtime.reading;

import dev.helix.attention.trace.TraceAttentionKernels;
import dev.helix.attention.trace.TraceLatentKernels;
import dev.helix.ffn.trace.TraceFfnKernels;
import dev.helix.ffn.trace.TraceMoeKernels;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.trace.TraceCollectives;
import dev.helix.tensor.trace.TraceKernels;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.Optional;

/**
 * The {@code trace} reading of one rank. Tensors have shapes only, and the result is the list of
 * launches and transfers of a GPU. Nothing is exchanged, so that a rank is traced without the
 * others.
 */
public final class TraceReading implements Reading<TraceTensor> {
  private Optional<TraceRank> traced = Optional.empty();

  @Override
  public String name() {
    return "trace";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if this reading has traced a rank already
   */
  @Override
  public RankOperations<TraceTensor> on(Communicator communicator) {
    if (traced.isPresent()) {
      throw new IllegalStateException("a trace reading serves one rank and has served it");
    }
    TraceRank rank = new TraceRank(communicator.scope());
    traced = Optional.of(rank);
    return new RankOperations<>(
        communicator.scope(),
        new TraceKernels(rank),
        new TraceAttentionKernels(rank),
        new TraceFfnKernels(rank),
        new TraceCollectives(rank),
        Optional.of(new TraceLatentKernels(rank)),
        Optional.of(new TraceMoeKernels(rank)));
  }

  /** The rank that is traced, with what it has launched and sent so far. */
  public TraceRank rank() {
    return traced.orElseThrow(() -> new IllegalStateException("no rank has been traced yet"));
  }
}

package dev.helix.tests.verification;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.program.Piece;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** The fp64 reading with its attention kernels replaced: a fault planted where it would happen. */
final class PlantedReading implements Reading<Fp64Tensor> {
  private final Fp64Reading correct = new Fp64Reading();
  private final BiFunction<Integer, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>>
      fault;

  private PlantedReading(
      BiFunction<Integer, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>> fault) {
    this.fault = fault;
  }

  /** A fault in the partial states that are merged. */
  static PlantedReading inMerge(UnaryOperator<PartialAttention<Fp64Tensor>> fault) {
    return new PlantedReading((rank, kernels) -> new FaultyKernels(kernels, true, fault));
  }

  /** A fault on one rank alone. */
  static PlantedReading inMergeOfRank(int rank, UnaryOperator<PartialAttention<Fp64Tensor>> fault) {
    return new PlantedReading((own, kernels) -> new FaultyKernels(kernels, own == rank, fault));
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public RankOperations<Fp64Tensor> on(Communicator communicator) {
    RankOperations<Fp64Tensor> operations = correct.on(communicator);
    return new RankOperations<>(
        operations.scope(),
        operations.kernels(),
        fault.apply(communicator.rank(), operations.attention()),
        operations.ffn(),
        operations.collectives());
  }

  private static final class FaultyKernels extends ForwardingAttentionKernels<Fp64Tensor> {
    private final boolean hit;
    private final UnaryOperator<PartialAttention<Fp64Tensor>> fault;

    FaultyKernels(
        AttentionKernels<Fp64Tensor> correct,
        boolean hit,
        UnaryOperator<PartialAttention<Fp64Tensor>> fault) {
      super(correct);
      this.hit = hit;
      this.fault = fault;
    }

    @Override
    public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
      return healthy().mergeByLse(piece, hit ? fault.apply(shards) : shards);
    }
  }
}

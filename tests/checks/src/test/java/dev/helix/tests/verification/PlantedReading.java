package dev.helix.tests.verification;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.program.Piece;
import java.util.List;
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
    return new PlantedReading((rank, kernels) -> new FaultyKernels(kernels, rank, -1, fault));
  }

  /** A fault on one rank alone. */
  static PlantedReading inMergeOfRank(int rank, UnaryOperator<PartialAttention<Fp64Tensor>> fault) {
    return new PlantedReading((own, kernels) -> new FaultyKernels(kernels, own, rank, fault));
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

  private record FaultyKernels(
      AttentionKernels<Fp64Tensor> correct,
      int rank,
      int faultyRank,
      UnaryOperator<PartialAttention<Fp64Tensor>> fault)
      implements AttentionKernels<Fp64Tensor> {
    @Override
    public RotatedQkv<Fp64Tensor> rotaryQkv(
        Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
      return correct.rotaryQkv(qkv, shape, rotary, step);
    }

    @Override
    public Fp64Tensor allocatePage(Spec spec) {
      return correct.allocatePage(spec);
    }

    @Override
    public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
      correct.appendKv(keys, values, slots);
    }

    @Override
    public PartialAttention<Fp64Tensor> flashDecode(
        Piece piece,
        Fp64Tensor queries,
        List<KvView<Fp64Tensor>> views,
        ScoreRule rule,
        int valueDim) {
      return correct.flashDecode(piece, queries, views, rule, valueDim);
    }

    @Override
    public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
      boolean hit = faultyRank < 0 || faultyRank == rank;
      return correct.mergeByLse(piece, hit ? fault.apply(shards) : shards);
    }
  }
}

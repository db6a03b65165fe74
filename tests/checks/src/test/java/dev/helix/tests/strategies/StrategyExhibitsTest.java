package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults that only a rival can have: the comparison with the baseline finds each. */
class StrategyExhibitsTest {
  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);
  private static final List<DecodeRequest> REQUESTS =
      IntStream.rangeClosed(1, 4)
          .mapToObj(first -> new DecodeRequest(List.of(first, first + 10), 2))
          .toList();

  @Test
  void rowsThatAreCombinedOnTheWrongRank() {
    Strategy strategy = new DataParallelStrategy(4, 1, 1, EACH_TURN, false);
    assertFound(
        "recall-mla",
        strategy,
        healthy -> withCollectives(healthy, c -> new CombinedElsewhere(c, healthy.kernels())));
  }

  @Test
  void anOwnTokenThatCountsTwice() {
    Strategy strategy = new DataParallelStrategy(2, 1, 1, EACH_TURN, false);
    assertFound("recall-mla", strategy, StrategyExhibitsTest::withOwnTokenTwice);
  }

  @Test
  void aStageThatIsHandedTheMicroBatchBefore() {
    Strategy strategy = new PipelineStrategy(2, Layout.dense(1, 1), 2);
    assertFound("recall-gqa", strategy, healthy -> withCollectives(healthy, StaleSend::new));
  }

  @Test
  void aGatherInTheRankOrderOfAnotherAxis() {
    Strategy strategy = new MedhaStrategy(4, 2, 4, 1, EACH_TURN);
    assertFound("recall-gqa", strategy, healthy -> withCollectives(healthy, TurnedGather::new));
  }

  @Test
  void aDuplicatedKvHeadThatIsWrittenOnce() {
    Strategy strategy = new TensorParallelStrategy(Layout.dense(1, 8));
    assertFound(
        "recall-gqa",
        strategy,
        healthy ->
            new RankOperations<>(
                healthy.scope(),
                healthy.kernels(),
                new WrittenOnce(healthy.attention(), healthy.kernels().rank()),
                healthy.ffn(),
                healthy.collectives(),
                healthy.latent(),
                healthy.moe()));
  }

  /** The fault is found, and without it there is nothing to find. */
  private static void assertFound(
      String model, Strategy strategy, UnaryOperator<RankOperations<Fp64Tensor>> fault) {
    assertTrue(verify(model, strategy, healthy -> healthy).passed());
    try {
      assertFalse(verify(model, strategy, fault).passed());
    } catch (RankFailure e) {
      // What was never written is NaN, with which a run does not come to its end.
      assertTrue(e.getMessage().endsWith("is NaN"), e.getMessage());
    }
  }

  private static Verification verify(
      String model, Strategy strategy, UnaryOperator<RankOperations<Fp64Tensor>> fault) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(plan, new Faulty(new Fp64Reading(), fault), new DecodeListener() {});
      return Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    }
  }

  private record Faulty(Fp64Reading healthy, UnaryOperator<RankOperations<Fp64Tensor>> fault)
      implements Reading<Fp64Tensor> {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public RankOperations<Fp64Tensor> on(Communicator communicator) {
      return fault.apply(healthy.on(communicator));
    }
  }

  private static RankOperations<Fp64Tensor> withCollectives(
      RankOperations<Fp64Tensor> healthy, UnaryOperator<Collectives<Fp64Tensor>> fault) {
    return new RankOperations<>(
        healthy.scope(),
        healthy.kernels(),
        healthy.attention(),
        healthy.ffn(),
        fault.apply(healthy.collectives()),
        healthy.latent(),
        healthy.moe());
  }

  /** The rows that come back are put together from the last rank to the first. */
  private static final class CombinedElsewhere extends ForwardingCollectives<Fp64Tensor> {
    private final Kernels<Fp64Tensor> kernels;

    CombinedElsewhere(Collectives<Fp64Tensor> healthy, Kernels<Fp64Tensor> kernels) {
      super(healthy);
      this.kernels = kernels;
    }

    @Override
    public List<Fp64Tensor> allToAllRows(
        Purpose purpose, Group group, List<Fp64Tensor> rows, RowCounts counts) {
      List<Fp64Tensor> arrived = super.allToAllRows(purpose, group, rows, counts);
      if (purpose.phase() != Phase.COMBINE || counts.allReceived() < 2) {
        return arrived;
      }
      List<Fp64Tensor> turned = new ArrayList<>();
      for (int row = counts.allReceived() - 1; row >= 0; row--) {
        turned.add(kernels.rows(arrived.get(0), row, row + 1));
      }
      return List.of(kernels.stackRows(turned));
    }
  }

  /** What was handed on first is handed on each time while its shape fits. */
  private static final class StaleSend extends ForwardingCollectives<Fp64Tensor> {
    private Optional<Fp64Tensor> before = Optional.empty();

    StaleSend(Collectives<Fp64Tensor> healthy) {
      super(healthy);
    }

    @Override
    public void send(Purpose purpose, Group pair, Fp64Tensor tensor) {
      Fp64Tensor sent = before.filter(other -> other.spec().equals(tensor.spec())).orElse(tensor);
      before = Optional.of(tensor);
      super.send(purpose, pair, sent);
    }
  }

  /** The blocks of heads go to the ranks of the fixed group in the order of their KVP index. */
  private static final class TurnedGather extends ForwardingCollectives<Fp64Tensor> {
    TurnedGather(Collectives<Fp64Tensor> healthy) {
      super(healthy);
    }

    @Override
    public List<Fp64Tensor> gatherBlocks(
        Purpose purpose, Group group, int receivers, Axis split, List<Fp64Tensor> tensors) {
      List<Integer> turned = new ArrayList<>(group.ranks());
      Collections.swap(turned, 0, 1);
      Group other = new Group(group.name() + " turned", turned);
      return super.gatherBlocks(purpose, other, receivers, split, tensors);
    }
  }

  /** Of the ranks that keep the same KV head, only the first writes it. */
  private static final class WrittenOnce extends ForwardingAttentionKernels<Fp64Tensor> {
    private final int rank;

    WrittenOnce(AttentionKernels<Fp64Tensor> healthy, int rank) {
      super(healthy);
      this.rank = rank;
    }

    @Override
    public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
      if (rank % 2 == 0) {
        super.appendKv(keys, values, slots);
      }
    }
  }

  private static RankOperations<Fp64Tensor> withOwnTokenTwice(RankOperations<Fp64Tensor> healthy) {
    return new RankOperations<>(
        healthy.scope(),
        healthy.kernels(),
        healthy.attention(),
        healthy.ffn(),
        healthy.collectives(),
        healthy.latent(),
        healthy.moe().map(moe -> new OwnTokenTwice(moe, healthy.kernels())));
  }

  /** The first of a rank's own tokens has been sent to the rank itself as well. */
  private record OwnTokenTwice(MoeKernels<Fp64Tensor> healthy, Kernels<Fp64Tensor> kernels)
      implements MoeKernels<Fp64Tensor> {
    @Override
    public Fp64Tensor groupedLinear(Fp64Tensor x, List<Fp64Tensor> weights, Dispatch dispatch) {
      return healthy.groupedLinear(x, weights, dispatch);
    }

    @Override
    public Fp64Tensor weightedSwiGlu(Fp64Tensor gateUp, Dispatch dispatch) {
      return healthy.weightedSwiGlu(gateUp, dispatch);
    }

    @Override
    public Fp64Tensor combineExperts(
        Fp64Tensor activated, List<Fp64Tensor> downs, Dispatch dispatch, int tokens) {
      return healthy.combineExperts(activated, downs, dispatch, tokens);
    }

    @Override
    public Fp64Tensor sumByToken(Fp64Tensor terms, List<Integer> tokenOfRow, int tokens) {
      if (tokens == 0) {
        return healthy.sumByToken(terms, tokenOfRow, tokens);
      }
      List<Integer> again = new ArrayList<>(tokenOfRow);
      again.add(tokenOfRow.get(0));
      Fp64Tensor twice = kernels.stackRows(List.of(terms, kernels.rows(terms, 0, 1)));
      return healthy.sumByToken(twice, again, tokens);
    }
  }
}

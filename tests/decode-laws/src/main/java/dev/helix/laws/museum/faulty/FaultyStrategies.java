package dev.helix.laws.museum.faulty;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.laws.strategy.StrategyUnderTest;
import dev.helix.runtime.fault.FaultyStrategy;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Decodes under strategies with a fault in every rank. */
public final class FaultyStrategies {
  private FaultyStrategies() {}

  /** The rows that come back to their tokens are put together from the last rank to the first. */
  public static StrategyUnderTest combinedElsewhere() {
    return exchanging(CombinedElsewhere::new);
  }

  /** The first of a rank's own tokens has been sent to the rank itself as well. */
  public static StrategyUnderTest ownTokenTwice() {
    return new StrategyUnderTest() {
      @Override
      public RankOperations<Fp64Tensor> operations(
          int rank, Strategy strategy, RankOperations<Fp64Tensor> correct) {
        return with(
            correct,
            correct.attention(),
            correct.collectives(),
            correct.moe().map(moe -> new OwnTokenTwice(moe, correct.kernels())));
      }
    };
  }

  /** A rank hands on the state that it handed on before, as long as the shape fits. */
  public static StrategyUnderTest staleSend() {
    return exchanging(correct -> new StaleSend(correct.collectives()));
  }

  /** Blocks of heads go to the first two ranks of a fixed group the wrong way round. */
  public static StrategyUnderTest turnedGather() {
    return exchanging(correct -> new TurnedGather(correct.collectives()));
  }

  /** Only the first of the ranks that keep the same KV head writes it. */
  public static StrategyUnderTest writtenOnce() {
    return new StrategyUnderTest() {
      @Override
      public RankOperations<Fp64Tensor> operations(
          int rank, Strategy strategy, RankOperations<Fp64Tensor> correct) {
        return with(
            correct,
            new WrittenOnce(correct.attention(), rank, strategy),
            correct.collectives(),
            correct.moe());
      }
    };
  }

  /** The ranks have a fault in their quantised caches. */
  public static StrategyUnderTest storing(QuantizationFault fault) {
    return new StrategyUnderTest() {
      @Override
      public Strategy strategy(Strategy drawn) {
        return FaultyStrategy.storing(drawn, fault);
      }
    };
  }

  private static StrategyUnderTest exchanging(
      Function<RankOperations<Fp64Tensor>, Collectives<Fp64Tensor>> fault) {
    return new StrategyUnderTest() {
      @Override
      public RankOperations<Fp64Tensor> operations(
          int rank, Strategy strategy, RankOperations<Fp64Tensor> correct) {
        return with(correct, correct.attention(), fault.apply(correct), correct.moe());
      }
    };
  }

  private static RankOperations<Fp64Tensor> with(
      RankOperations<Fp64Tensor> correct,
      AttentionKernels<Fp64Tensor> attention,
      Collectives<Fp64Tensor> collectives,
      Optional<MoeKernels<Fp64Tensor>> moe) {
    return new RankOperations<>(
        correct.scope(),
        correct.kernels(),
        attention,
        correct.ffn(),
        collectives,
        correct.latent(),
        moe);
  }

  private static final class CombinedElsewhere extends ForwardingCollectives<Fp64Tensor> {
    private final Kernels<Fp64Tensor> kernels;

    CombinedElsewhere(RankOperations<Fp64Tensor> correct) {
      super(correct.collectives());
      this.kernels = correct.kernels();
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

  private static final class StaleSend extends ForwardingCollectives<Fp64Tensor> {
    private Optional<Fp64Tensor> before = Optional.empty();

    StaleSend(Collectives<Fp64Tensor> correct) {
      super(correct);
    }

    @Override
    public void send(Purpose purpose, Group pair, Fp64Tensor tensor) {
      Fp64Tensor sent = before.filter(other -> other.spec().equals(tensor.spec())).orElse(tensor);
      before = Optional.of(tensor);
      super.send(purpose, pair, sent);
    }
  }

  private static final class TurnedGather extends ForwardingCollectives<Fp64Tensor> {
    TurnedGather(Collectives<Fp64Tensor> correct) {
      super(correct);
    }

    @Override
    public List<Fp64Tensor> gatherBlocks(
        Purpose purpose, Group group, int receivers, Axis split, List<Fp64Tensor> tensors) {
      if (receivers < 2) {
        return super.gatherBlocks(purpose, group, receivers, split, tensors);
      }
      List<Integer> turned = new ArrayList<>(group.ranks());
      Collections.swap(turned, 0, 1);
      Group other = new Group(group.name() + " turned", turned);
      return super.gatherBlocks(purpose, other, receivers, split, tensors);
    }
  }

  private static final class WrittenOnce extends ForwardingAttentionKernels<Fp64Tensor> {
    /** The KV heads of the hard case with more ranks. */
    private static final int KV_HEADS = 4;

    private final boolean writes;

    WrittenOnce(AttentionKernels<Fp64Tensor> correct, int rank, Strategy strategy) {
      super(correct);
      boolean copies =
          strategy instanceof TensorParallelStrategy tensor && tensor.layout().tpa() > KV_HEADS;
      this.writes = !copies || rank % (strategy.ranks() / KV_HEADS) == 0;
    }

    @Override
    public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
      if (writes) {
        super.appendKv(keys, values, slots);
      }
    }
  }

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
      if (tokenOfRow.isEmpty()) {
        return healthy.sumByToken(terms, tokenOfRow, tokens);
      }
      List<Integer> again = new ArrayList<>(tokenOfRow);
      again.add(tokenOfRow.get(0));
      Fp64Tensor twice = kernels.stackRows(List.of(terms, kernels.rows(terms, 0, 1)));
      return healthy.sumByToken(twice, again, tokens);
    }
  }
}

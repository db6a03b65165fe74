package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.model.AttentionPart;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What decoder and run do with strategies that hold states in other ways than Helix. */
class OtherStrategiesTest {
  private static final HelixStrategy HELIX =
      new HelixStrategy(Layout.dense(2, 1), PlacementRule.roundRobin(1));
  private static final Group ALL = HELIX.layout().all();
  private static final List<DecodeRequest> REQUESTS =
      List.of(new DecodeRequest(List.of(1, 2, 3), 3), new DecodeRequest(List.of(6, 7), 4));

  @Test
  void logitsOnOneRankGiveTheSameTokensAndComeHome() {
    Group second = new Group("second", List.of(1));
    assertDecodesAsHelix(
        new Changed() {
          @Override
          <T extends Tensor> HeadPart<T> head(HeadPart<T> part, RankLoading<T> loading) {
            boolean has = loading.rank() == 1;
            return new ChangedHead<>(
                part,
                new HeldState.Replicated(second),
                all -> has ? all : new HeldRows<>(all.values(), List.of()));
          }
        });
  }

  @Test
  void logitsWithTheRanksOfTheirRequestsGiveTheSameTokensAndComeHome() {
    assertDecodesAsHelix(
        new Changed() {
          @Override
          <T extends Tensor> HeadPart<T> head(HeadPart<T> part, RankLoading<T> loading) {
            return new ChangedHead<>(
                part,
                new HeldState.SplitByBatch(ALL),
                all -> ofRequest(loading.rank(), all, loading.operations().kernels()));
          }
        });
  }

  private static <T extends Tensor> HeldRows<T> ofRequest(
      int request, HeldRows<T> all, Kernels<T> kernels) {
    for (int row = 0; row < all.rows().size(); row++) {
      QueryToken query = all.rows().get(row);
      if (query.request() == request) {
        return new HeldRows<>(kernels.rows(all.values(), row, row + 1), List.of(query));
      }
    }
    return new HeldRows<>(all.values(), List.of());
  }

  private static void assertDecodesAsHelix(Strategy strategy) {
    DecodeResult expected = decode(HELIX);
    DecodeResult actual = decode(strategy);
    assertEquals(expected.record().steps(), actual.record().steps());
    for (int request = 0; request < REQUESTS.size(); request++) {
      List<double[]> logits = expected.requests().get(request).logits();
      for (int token = 0; token < logits.size(); token++) {
        assertArrayEquals(logits.get(token), actual.requests().get(request).logits().get(token));
      }
    }
  }

  @Test
  void anEmbeddingThatAttentionCannotTakeIsRefusedNamingBoth() {
    assertRefused(
        "the embedding leaves the hidden state split by batch over all[0, 1], but attention of"
            + " layer 0 needs it replicated on all[0, 1]: an exchange is missing between them",
        new Changed() {
          @Override
          <T extends Tensor> EmbeddingPart<T> embedding(EmbeddingPart<T> part) {
            return new EmbeddingPart<>() {
              @Override
              public HeldState leaves() {
                return new HeldState.SplitByBatch(ALL);
              }

              @Override
              public HeldRows<T> embed(List<StepRow> batch) {
                return part.embed(batch);
              }
            };
          }
        });
  }

  @Test
  void attentionThatLeavesTermsOfASumIsRefusedNamingItsLayer() {
    assertRefused(
        "attention of layer 2 leaves the hidden state a partial sum over all[0, 1], but the"
            + " residual sum behind attention of layer 2 needs it replicated on all[0, 1]: an"
            + " exchange is missing between them",
        new Changed() {
          @Override
          <T extends Tensor> LayerParts<T> layer(int layer, LayerParts<T> parts) {
            return layer == 2
                ? new LayerParts<>(new Unsummed<>(parts.attention()), parts.ffn())
                : parts;
          }
        });
  }

  private static void assertRefused(String message, Strategy strategy) {
    RankFailure failure = assertThrows(RankFailure.class, () -> decode(strategy));
    assertEquals(message, failure.getCause().getMessage());
  }

  private static DecodeResult decode(Strategy strategy) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.STEPS);
      return new DecodeRun(new ThreadRanks())
          .decode(plan, new Fp64Reading(), new DecodeListener() {});
    }
  }

  /** Helix, but for some parts. */
  private abstract static class Changed implements Strategy {
    <T extends Tensor> EmbeddingPart<T> embedding(EmbeddingPart<T> part) {
      return part;
    }

    @SuppressWarnings("unused") // Of the layer one change asks.
    <T extends Tensor> LayerParts<T> layer(int layer, LayerParts<T> parts) {
      return parts;
    }

    @SuppressWarnings("unused") // Of the rank some changes ask.
    <T extends Tensor> HeadPart<T> head(HeadPart<T> part, RankLoading<T> loading) {
      return part;
    }

    @Override
    public int ranks() {
      return HELIX.ranks();
    }

    @Override
    public void requireFits(ModelConfig model) {
      HELIX.requireFits(model);
    }

    @Override
    public HeldState hidden(int rank) {
      return HELIX.hidden(rank);
    }

    @Override
    public int attentionParts() {
      return HELIX.attentionParts();
    }

    @Override
    public List<List<Group>> exchanges() {
      return HELIX.exchanges();
    }

    @Override
    public RankHoldings holdings(ModelConfig model, int rank) {
      return HELIX.holdings(model, rank);
    }

    @Override
    public StepSizes sizes(
        ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
      return HELIX.sizes(model, rows, capacity, routers);
    }

    @Override
    public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
      PartLoader<T> parts = HELIX.on(loading);
      return new PartLoader<>() {
        @Override
        public List<Integer> layers() {
          return parts.layers();
        }

        @Override
        public EmbeddingPart<T> embedding() {
          return Changed.this.embedding(parts.embedding());
        }

        @Override
        public LayerParts<T> layer(int layer) {
          return Changed.this.layer(layer, parts.layer(layer));
        }

        @Override
        public HeadPart<T> head() {
          return Changed.this.head(parts.head(), loading);
        }
      };
    }
  }

  /** Which of all logits a rank has. */
  private interface Choice<T extends Tensor> {
    HeldRows<T> of(HeldRows<T> all);
  }

  private record ChangedHead<T extends Tensor>(HeadPart<T> part, HeldState leaves, Choice<T> choice)
      implements HeadPart<T> {
    @Override
    public HeldState takes() {
      return part.takes();
    }

    @Override
    public HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch) {
      return choice.of(part.logits(x, batch));
    }
  }

  /** Attention that says it has not been summed. */
  private record Unsummed<T extends Tensor>(AttentionPart<T> part) implements AttentionPart<T> {
    @Override
    public HeldState takes() {
      return part.takes();
    }

    @Override
    public HeldState leaves() {
      return new HeldState.PartialSum(ALL);
    }

    @Override
    public void open(int request, int capacity) {
      part.open(request, capacity);
    }

    @Override
    public void openFilled(int request, int capacity, int cached) {
      part.openFilled(request, capacity, cached);
    }

    @Override
    public void close(int request) {
      part.close(request);
    }

    @Override
    public T attend(HeldRows<T> x, List<QueryToken> step, AttentionTap<T> tap) {
      return part.attend(x, step, tap);
    }
  }
}

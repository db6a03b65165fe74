package dev.helix.attention.faults.cache;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SlotPositions;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.faults.Views;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The changes that faults make to a step of one rank; each method is one fault. */
final class StepChanges {
  private StepChanges() {}

  /** The page table has as many slots as the request has tokens on all ranks. */
  static <T extends Tensor> FaultyStep<T> globalPageTable(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      @Override
      KvView<T> seen(QueryToken token, int first, KvView<T> view) {
        List<KvPage<T>> table = new ArrayList<>(Views.needed(view));
        table.addAll(foreignPages(token.request()));
        return Views.endingAt(view, table, token.position() + 1);
      }
    };
  }

  /** Each step's tokens are counted as if it were rank 0's turn. */
  static <T extends Tensor> FaultyStep<T> startPhaseIgnored(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      @Override
      KvView<T> seen(QueryToken token, int first, KvView<T> view) {
        int chunk = localLength(view, token.position() + 1 - first);
        return Views.endingAt(view, localLength(view, first) + chunk);
      }
    };
  }

  /** Lengths are computed as if tokens were dealt one by one. */
  static <T extends Tensor> FaultyStep<T> runLengthIgnored(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      @Override
      KvView<T> seen(QueryToken token, int first, KvView<T> view) {
        SlotPositions at = view.positions("a fault of lengths");
        KvPlacement singly = new RoundRobinPlacement(at.placement().shards(), 1);
        return Views.endingAt(view, singly.localLength(at.kvpIndex(), token.position() + 1));
      }
    };
  }

  /** A rank without a new token does not attend. */
  static <T extends Tensor> FaultyStep<T> idleWithoutNewToken(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      @Override
      boolean attends(boolean ownsNewTokens) {
        return ownsNewTokens;
      }
    };
  }

  /** From the second decoded token on, positions are one behind. */
  static <T extends Tensor> FaultyStep<T> positionRepeated(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      private final Set<Integer> decoding = new HashSet<>();

      @Override
      List<QueryToken> turned(List<QueryToken> step) {
        Map<Integer, Long> rows =
            step.stream().collect(groupingBy(QueryToken::request, counting()));
        List<QueryToken> late = new ArrayList<>();
        for (QueryToken token : step) {
          boolean decoded = token.position() > 0 && rows.get(token.request()) == 1;
          late.add(decoded && !decoding.add(token.request()) ? before(token) : token);
        }
        return late;
      }
    };
  }

  private static QueryToken before(QueryToken token) {
    return new QueryToken(token.request(), token.position() - 1);
  }

  /** Lengths are rounded down to a multiple of the shards. */
  static <T extends Tensor> FaultyStep<T> lengthRoundedDown(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      @Override
      KvView<T> seen(QueryToken token, int first, KvView<T> view) {
        int shards = view.positions("a fault of lengths").placement().shards();
        return Views.endingAt(view, localLength(view, (token.position() + 1) / shards * shards));
      }
    };
  }

  /** A request is as long as rows of it have come, also those that were taken back. */
  static <T extends Tensor> FaultyStep<T> rejectedDraftsCounted(HealthyRank<T> rank) {
    return new FaultyStep<>(rank) {
      private final Map<Integer, Integer> lengths = new HashMap<>();

      @Override
      KvView<T> seen(QueryToken token, int first, KvView<T> view) {
        int length = lengths.merge(token.request(), 1, Integer::sum);
        return Views.endingAt(view, localLength(view, length));
      }
    };
  }

  /** All but the first shard take runs to be longer by one. */
  static KvPlacement longerRuns(RankRole role, KvPlacement healthy) {
    return role.kvpIndex() > 0 && healthy instanceof RoundRobinPlacement right
        ? new RoundRobinPlacement(right.shards(), right.runLength() + 1)
        : healthy;
  }
}

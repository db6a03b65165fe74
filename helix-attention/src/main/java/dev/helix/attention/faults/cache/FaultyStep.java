package dev.helix.attention.faults.cache;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SlotPositions;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.Views;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One rank's attention kernels, which let a fault change the step, the cache and the views. */
class FaultyStep<T extends Tensor> extends ForwardingAttentionKernels<T> {
  /** The step that is being computed. */
  private List<QueryToken> step = List.of();

  /** How many rows of the step have attended; with HOP-B each request has a launch of its own. */
  private int attended;

  /** The pages that were ever written, by request. */
  private final Map<Integer, Set<KvPage<T>>> pages = new TreeMap<>();

  private boolean ownsNew;

  FaultyStep(HealthyRank<T> rank) {
    super(rank.kernels());
  }

  /** The step as the fault sees it. */
  List<QueryToken> turned(List<QueryToken> correctStep) {
    return correctStep;
  }

  /**
   * A view as the fault sees it.
   *
   * @param firstOfStep the first position of the request in this step
   */
  KvView<T> seen(QueryToken token, int firstOfStep, KvView<T> view) {
    return view;
  }

  /** Whether this rank attends in a step. */
  boolean attends(boolean ownsNewTokens) {
    return true;
  }

  /** The pages that other requests have written on this rank. */
  final List<KvPage<T>> foreignPages(int request) {
    return pages.keySet().stream()
        .filter(other -> other != request)
        .flatMap(other -> pages.get(other).stream())
        .toList();
  }

  /** How many of a request's first tokens the shard keeps in truth. */
  static int localLength(KvView<?> view, int tokens) {
    SlotPositions at = view.positions("a fault of lengths");
    return at.placement().localLength(at.kvpIndex(), tokens);
  }

  @Override
  public RotatedQkv<T> rotaryQkv(
      T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
    step = tokens;
    attended = 0;
    return super.rotaryQkv(qkv, shape, rotary, turned(tokens));
  }

  @Override
  public void appendKv(T keys, T values, List<CacheSlot<T>> slots) {
    ownsNew = !slots.isEmpty();
    for (CacheSlot<T> slot : slots) {
      int request = step.get(slot.row()).request();
      pages.computeIfAbsent(request, other -> new LinkedHashSet<>()).add(slot.page());
    }
    super.appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<T> flashDecode(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    List<KvView<T>> faulty = new ArrayList<>();
    for (int row = 0; row < views.size(); row++) {
      QueryToken token = step.get(attended++);
      int first =
          step.stream()
              .filter(other -> other.request() == token.request())
              .mapToInt(QueryToken::position)
              .min()
              .orElseThrow();
      KvView<T> view = views.get(row);
      faulty.add(attends(ownsNew) ? seen(token, first, view) : Views.endingAt(view, 0));
    }
    return super.flashDecode(piece, queries, faulty, rule, valueDim);
  }
}

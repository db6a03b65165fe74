package dev.helix.laws.museum;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.laws.decode.DecodeVariant.Place;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One rank's kernels, through which faults reach the step, the cache and the views. */
class FaultyKernels implements AttentionKernels<Fp64Tensor> {
  private final AttentionKernels<Fp64Tensor> correct;
  final Place place;

  /** The step that is being computed. */
  private List<QueryToken> step = List.of();

  /** Rows of it that have attended: with HOP-B each request has a launch of its own. */
  private int attended;

  /** Pages that were ever written, by request. */
  private final Map<Integer, Set<KvPage<Fp64Tensor>>> pages = new TreeMap<>();

  private boolean ownsNew;

  FaultyKernels(Place place, AttentionKernels<Fp64Tensor> correct) {
    this.place = place;
    this.correct = correct;
  }

  /** The step as the fault sees it. */
  List<QueryToken> turned(List<QueryToken> correctStep) {
    return correctStep;
  }

  /** A view as the fault sees it. */
  KvView<Fp64Tensor> seen(QueryToken token, int firstOfStep, KvView<Fp64Tensor> view) {
    return view;
  }

  /** Whether this rank attends in a step. */
  boolean attends(boolean ownsNewTokens) {
    return true;
  }

  /** What other requests have written on this rank. */
  final List<KvPage<Fp64Tensor>> foreignPages(int request) {
    return pages.keySet().stream()
        .filter(other -> other != request)
        .flatMap(other -> pages.get(other).stream())
        .toList();
  }

  /** A view that ends elsewhere, at most where its pages do. */
  static KvView<Fp64Tensor> of(KvView<Fp64Tensor> view, int end) {
    return of(view, view.pages(), end);
  }

  /** The same in other pages. */
  static KvView<Fp64Tensor> of(KvView<Fp64Tensor> view, List<KvPage<Fp64Tensor>> pages, int end) {
    int capacity = pages.stream().mapToInt(FaultyKernels::slots).sum();
    int length = Math.max(0, Math.min(capacity, end) - view.first());
    return new KvView<>(pages, length, view.first(), view.positions());
  }

  /** The pages that a view needs: those of tokens behind it are none of them. */
  static List<KvPage<Fp64Tensor>> needed(KvView<Fp64Tensor> view) {
    List<KvPage<Fp64Tensor>> needed = new ArrayList<>();
    int room = 0;
    for (KvPage<Fp64Tensor> page : view.pages()) {
      if (room < view.first() + view.length()) {
        needed.add(page);
        room += slots(page);
      }
    }
    return needed;
  }

  private static int slots(KvPage<Fp64Tensor> page) {
    return page.keys().spec().size(Axis.SLOTS);
  }

  @Override
  public RotatedQkv<Fp64Tensor> rotaryQkv(
      Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
    step = tokens;
    attended = 0;
    return correct.rotaryQkv(qkv, shape, rotary, turned(tokens));
  }

  @Override
  public Fp64Tensor allocatePage(Spec spec) {
    return correct.allocatePage(spec);
  }

  @Override
  public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
    ownsNew = !slots.isEmpty();
    for (CacheSlot<Fp64Tensor> slot : slots) {
      int request = step.get(slot.row()).request();
      pages.computeIfAbsent(request, other -> new LinkedHashSet<>()).add(slot.page());
    }
    correct.appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<Fp64Tensor> flashDecode(
      Piece piece,
      Fp64Tensor queries,
      List<KvView<Fp64Tensor>> views,
      ScoreRule rule,
      int valueDim) {
    List<KvView<Fp64Tensor>> faulty = new ArrayList<>();
    for (int row = 0; row < views.size(); row++) {
      QueryToken token = step.get(attended++);
      int first =
          step.stream()
              .filter(other -> other.request() == token.request())
              .mapToInt(QueryToken::position)
              .min()
              .orElseThrow();
      faulty.add(attends(ownsNew) ? seen(token, first, views.get(row)) : of(views.get(row), 0));
    }
    return correct.flashDecode(piece, queries, faulty, rule, valueDim);
  }

  @Override
  public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
    return correct.mergeByLse(piece, shards);
  }
}

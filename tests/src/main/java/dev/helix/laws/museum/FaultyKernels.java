package dev.helix.laws.museum;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.CacheSlot;
import dev.helix.attention.cache.KvPage;
import dev.helix.attention.cache.KvView;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.laws.decode.DecodeUnderTest.Place;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.List;

/** One rank's kernels, through which faults reach the step, the cache and the views. */
class FaultyKernels implements AttentionKernels<Fp64Tensor> {
  private final AttentionKernels<Fp64Tensor> correct;
  final Place place;

  /** The step that is being computed. */
  private List<QueryToken> step = List.of();

  /** Steps so far, this one included. */
  private int steps;

  /** Pages that were ever written, of all requests. */
  private final List<KvPage<Fp64Tensor>> pages = new ArrayList<>();

  private boolean ownsNew;

  FaultyKernels(Place place, AttentionKernels<Fp64Tensor> correct) {
    this.place = place;
    this.correct = correct;
  }

  /** The step as the fault sees it. */
  List<QueryToken> turned(List<QueryToken> correctStep, int stepNumber) {
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

  final List<KvPage<Fp64Tensor>> everyPage() {
    return pages;
  }

  /** A view that ends elsewhere, at most where its pages do. */
  static KvView<Fp64Tensor> of(KvView<Fp64Tensor> view, int end) {
    return of(view, view.pages(), end);
  }

  /** The same in other pages. */
  static KvView<Fp64Tensor> of(KvView<Fp64Tensor> view, List<KvPage<Fp64Tensor>> pages, int end) {
    int capacity = pages.stream().mapToInt(page -> page.keys().spec().size(Axis.SLOTS)).sum();
    int length = Math.max(0, Math.min(capacity, end) - view.first());
    return new KvView<>(pages, length, view.first(), view.positions());
  }

  @Override
  public RotatedQkv<Fp64Tensor> rotaryQkv(
      Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
    step = tokens;
    steps++;
    return correct.rotaryQkv(qkv, shape, rotary, turned(tokens, steps));
  }

  @Override
  public Fp64Tensor allocatePage(Spec spec) {
    return correct.allocatePage(spec);
  }

  @Override
  public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
    ownsNew = !slots.isEmpty();
    for (CacheSlot<Fp64Tensor> slot : slots) {
      if (!pages.contains(slot.page())) {
        pages.add(slot.page());
      }
    }
    correct.appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<Fp64Tensor> flashDecode(
      Fp64Tensor queries, List<KvView<Fp64Tensor>> views, ScoreRule rule, int valueDim) {
    List<KvView<Fp64Tensor>> faulty = new ArrayList<>();
    for (int row = 0; row < views.size(); row++) {
      QueryToken token = step.get(row);
      int first =
          step.stream()
              .filter(other -> other.request() == token.request())
              .mapToInt(QueryToken::position)
              .min()
              .orElseThrow();
      faulty.add(attends(ownsNew) ? seen(token, first, views.get(row)) : of(views.get(row), 0));
    }
    return correct.flashDecode(queries, faulty, rule, valueDim);
  }

  @Override
  public Fp64Tensor mergeByLse(PartialAttention<Fp64Tensor> shards) {
    return correct.mergeByLse(shards);
  }
}

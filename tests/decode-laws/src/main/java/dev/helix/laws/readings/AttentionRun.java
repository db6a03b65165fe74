package dev.helix.laws.readings;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.readings.TurnedInput.Rotation;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * One launch of a reading's decode attention over the requests that a law asks for.
 *
 * @param decode the launch
 * @param rotation turns queries and keys before the launch
 * @param read reads the states as numbers
 */
record AttentionRun<T extends Tensor>(
    Kernels<T> kernels,
    Decode<T> decode,
    Rotation rotation,
    Function<PartialAttention<T>, States> read) {

  /** A launch of decode attention. */
  @FunctionalInterface
  interface Decode<T extends Tensor> {
    PartialAttention<T> over(T queries, List<KvView<T>> views, ScoreRule rule, int valueDim);
  }

  /**
   * Partial states as numbers.
   *
   * @param outputs {@code [rows, heads, valueDim]}
   * @param lses {@code [rows, heads]}
   */
  @SuppressWarnings("ArrayRecordComponent") // Taken apart at once, compared by nobody.
  record States(double[] outputs, double[] lses) {}

  /** The run of kernels that also turn queries and keys. */
  static <T extends Tensor> AttentionRun<T> of(
      Kernels<T> kernels,
      AttentionKernels<T> attention,
      Function<PartialAttention<T>, States> read) {
    Rotation rotation = Rotation.by(kernels, attention);
    return new AttentionRun<>(kernels, attention::flashDecode, rotation, read);
  }

  /**
   * The run of kernels of latent attention. Queries and keys are not turned, because latents are
   * kept in the cache as they are to be multiplied.
   */
  static <T extends Tensor> AttentionRun<T> ofLatents(
      Kernels<T> kernels, Decode<T> decode, Function<PartialAttention<T>, States> read) {
    return new AttentionRun<>(kernels, decode, Rotation.none(), read);
  }

  /** The same run with another rotation. */
  AttentionRun<T> with(Rotation other) {
    return new AttentionRun<>(kernels, decode, other, read);
  }

  /** Computes one answer for each request. */
  List<Partial> attend(List<AttentionInput> requests) {
    List<double[]> queries = new ArrayList<>();
    List<KvView<T>> views = new ArrayList<>();
    double scale = 0;
    for (AttentionInput in : requests) {
      TurnedInput turned = TurnedInput.of(in, rotation);
      queries.add(turned.queries());
      views.addAll(views(in, turned.keys(), "request " + queries.size()));
      scale = turned.scale();
    }
    AttentionInput first = requests.get(0);
    T rows =
        tensor(
            "queries",
            queries.stream().flatMapToDouble(Arrays::stream).toArray(),
            new Dim(Axis.BATCH, views.size()),
            new Dim(Axis.HEADS, first.heads()),
            dim(first.keyDim()));
    States states = read.apply(decode.over(rows, views, rule(first, scale), first.valueDim()));
    List<Partial> answers = new ArrayList<>();
    int from = 0;
    for (AttentionInput in : requests) {
      int to = from + in.tokens() * in.heads();
      int dim = in.valueDim();
      answers.add(
          new Partial(
              Arrays.copyOfRange(states.outputs, from * dim, to * dim),
              Arrays.copyOfRange(states.lses, from, to)));
      from = to;
    }
    return answers;
  }

  private List<KvView<T>> views(AttentionInput in, double[] keys, String request) {
    List<KvPage<T>> pages = new ArrayList<>();
    double[] values = in.values();
    int slots = in.pageSlots();
    for (int from = 0; from < in.slots(); from += slots) {
      String name = " of %s from %d".formatted(request, from);
      T keyPage = page("keys" + name, slots, in, keys, from, in.keyDim());
      pages.add(
          new KvPage<>(
              keyPage,
              in.valuesInKeys()
                  ? keyPage
                  : page("values" + name, slots, in, values, from, in.valueDim())));
    }
    int[] positions = in.slotPositions();
    List<KvView<T>> views = new ArrayList<>();
    for (int query : in.queryPositions()) {
      int first = in.window() == 0 ? 0 : upTo(query - in.window(), positions);
      int length = upTo(query, positions) - first;
      views.add(new KvView<>(pages, length, first, in.positionsFrom(query), Math.min(1, length)));
    }
    return views;
  }

  /** Tokens of the shard up to a position; slots rise in position. */
  private static int upTo(int position, int[] positions) {
    return (int) Arrays.stream(positions).filter(p -> p >= 0 && p <= position).count();
  }

  /** {@code [slots, kvHeads, dim]} to {@code [kvHeads, slots, dim]}. */
  private T page(String name, int slots, AttentionInput in, double[] all, int from, int dim) {
    double[] page = new double[in.kvHeads() * slots * dim];
    Arrays.fill(page, Double.NaN);
    for (int slot = from; slot < Math.min(from + slots, in.slots()); slot++) {
      for (int head = 0; head < in.kvHeads(); head++) {
        int to = (head * slots + slot - from) * dim;
        System.arraycopy(all, (slot * in.kvHeads() + head) * dim, page, to, dim);
      }
    }
    Dim heads = new Dim(Axis.KV_HEADS, in.kvHeads());
    return tensor(name, page, heads, new Dim(Axis.SLOTS, slots), dim(dim));
  }

  private static ScoreRule rule(AttentionInput in, double scale) {
    ScoreRule rule = ScoreRule.ofScale(scale);
    rule = in.softCap() == 0 ? rule : rule.withSoftCap(in.softCap());
    rule = in.window() == 0 ? rule : rule.withWindow(in.window());
    rule = rule.withAlibi(list(in.alibiSlopes()));
    return in.countsSink() ? rule.withSinks(list(in.sinks())) : rule;
  }

  private static List<Double> list(double[] numbers) {
    return numbers.length == 0 ? Collections.emptyList() : Arrays.stream(numbers).boxed().toList();
  }

  private static Dim dim(int size) {
    return new Dim(Axis.HEAD_DIM, size);
  }

  private T tensor(String name, double[] numbers, Dim... dims) {
    return kernels.constant(Spec.of(DType.F64, dims), new WeightSlice(name, () -> numbers));
  }
}

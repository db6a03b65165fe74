package dev.helix.attention.nd4j;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Nd4jViews;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arguments of sharded attention, after checks, and the parts of them that each rank gets.
 *
 * @param q {@code [rows, heads, headDim]}
 * @param k {@code [batch, tokens, kvHeads, headDim]}
 * @param v {@code [batch, tokens, kvHeads, headDim]}
 * @param lengths number of tokens of each request
 * @param rows request and position of each row of q
 */
record CallerArrays(
    INDArray q, INDArray k, INDArray v, List<Integer> lengths, List<QueryToken> rows) {
  /** Tokens {@code [from, to)} of a request, which follow each other. */
  record Run(int request, int from, int to) {
    List<QueryToken> step() {
      return IntStream.range(from, to).mapToObj(p -> new QueryToken(request, p)).toList();
    }
  }

  /**
   * The arguments for requests that are all as long as k, each with its last token as the query.
   */
  static CallerArrays of(INDArray q, INDArray k, INDArray v) {
    requireAxes("q", q, "[batch, heads, headDim]", 3);
    requireAxes("k", k, "[batch, tokens, kvHeads, headDim]", 4);
    requireAxes("v", v, "[batch, tokens, kvHeads, headDim]", 4);
    if (!Arrays.equals(k.shape(), v.shape())) {
      throw new InvalidInputException(
          "v: expected the shape of k, %s, got %s".formatted(shape(k), shape(v)));
    }
    if (q.size(2) != k.size(3)) {
      throw new InvalidInputException(
          "q: expected headDim %d as in k %s, got %s".formatted(k.size(3), shape(k), shape(q)));
    }
    int requests = Math.toIntExact(k.size(0));
    int[] lengths = new int[requests];
    Arrays.fill(lengths, Math.toIntExact(k.size(1)));
    return new CallerArrays(q, k, v, List.of(), List.of()).withLengths(lengths);
  }

  CallerArrays withLengths(int[] given) {
    if (given.length != requests()) {
      throw new InvalidInputException(
          "lengths: expected one for each of the %d requests of k %s, got %d"
              .formatted(requests(), shape(k), given.length));
    }
    List<QueryToken> last = new ArrayList<>();
    for (int request = 0; request < given.length; request++) {
      if (given[request] < 0 || given[request] > k.size(1)) {
        throw new InvalidInputException(
            "lengths: expected 0 to %d tokens as in k %s, got %d for request %d"
                .formatted(k.size(1), shape(k), given[request], request));
      }
      // A request without tokens has no last one; requireConsistent then refuses the missing row.
      if (given[request] > 0) {
        last.add(new QueryToken(request, given[request] - 1));
      }
    }
    return new CallerArrays(q, k, v, Arrays.stream(given).boxed().toList(), last);
  }

  CallerArrays withRows(List<QueryToken> given) {
    for (QueryToken row : given) {
      if (row.request() >= requests() || row.position() >= length(row.request())) {
        throw new InvalidInputException(
            "rows: expected a token of requests with the lengths %s, got position %d of request %d"
                .formatted(lengths, row.position(), row.request()));
      }
    }
    return new CallerArrays(q, k, v, lengths, List.copyOf(given));
  }

  /**
   * Checks that rows, lengths and placement fit each other.
   *
   * @return this
   */
  CallerArrays requireConsistent(KvPlacement placement) {
    if (q.size(0) != rows.size()) {
      throw new InvalidInputException(
          "q: expected %d rows, one for each query token (requests of the lengths %s), got %s"
              .formatted(rows.size(), lengths, shape(q)));
    }
    int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    if (placement instanceof ContiguousPlacement && longest > capacity(placement)) {
      throw new InvalidInputException(
          "placement: expected a capacity of at least %d tokens, got %s"
              .formatted(longest, placement));
    }
    return this;
  }

  private static int capacity(KvPlacement placement) {
    return ((ContiguousPlacement) placement).capacity();
  }

  /** The division of the heads among the ranks of a layout. */
  AttentionSharding sharding(Layout layout, ScoreRule rule) {
    int heads = Math.toIntExact(q.size(1));
    int headDim = Math.toIntExact(q.size(2));
    try {
      rule.requireHeads("rule", heads);
    } catch (IllegalArgumentException wrong) {
      throw new InvalidInputException(wrong.getMessage(), wrong);
    }
    // The hidden size is not used, as there is no projection here.
    int hidden = Math.max(1, Math.multiplyExact(heads, headDim));
    try {
      return new AttentionSharding(
          new AttentionShape(hidden, heads, Math.toIntExact(k.size(2)), headDim), layout);
    } catch (InvalidInputException wrong) {
      throw new InvalidInputException(
          "q %s and k %s: %s".formatted(shape(q), shape(k), wrong.getMessage()), wrong);
    }
  }

  int requests() {
    return Math.toIntExact(k.size(0));
  }

  int length(int request) {
    return lengths.get(request);
  }

  /** The queries of some heads, {@code [rows, heads=count, headDim]}. */
  Fp64Tensor queries(Fp64Rank rank, int firstHead, int count) {
    if (rows.isEmpty()) {
      return rank.allocate(spec(0, Axis.HEADS, count, q.size(2)));
    }
    long[] shape = {q.size(0), count, q.size(2)};
    return tensor(rank, part(q, (long) firstHead * q.stride(1), shape), Axis.HEADS);
  }

  /** The keys of some heads, {@code [batch=tokens of the run, kvHeads=count, headDim]}. */
  Fp64Tensor keys(Fp64Rank rank, Run run, int firstHead, int count) {
    return tensor(rank, part(k, run, firstHead, count), Axis.KV_HEADS);
  }

  /** The values of some heads, {@code [batch=tokens of the run, kvHeads=count, headDim]}. */
  Fp64Tensor values(Fp64Rank rank, Run run, int firstHead, int count) {
    return tensor(rank, part(v, run, firstHead, count), Axis.KV_HEADS);
  }

  private static INDArray part(INDArray all, Run run, int firstHead, int count) {
    long from =
        (long) run.request() * all.stride(0)
            + (long) run.from() * all.stride(1)
            + (long) firstHead * all.stride(2);
    return part(all, from, new long[] {run.to() - run.from(), count, all.size(3)});
  }

  /**
   * A part of an array, not copied. It does not use ND4J's {@code get}, which was seen to return
   * the wrong elements of an array that is itself a part of a larger one.
   *
   * @param from number of elements from the array's first to the part's first
   * @param shape the shape of the part, along the last axes of the array
   */
  private static INDArray part(INDArray all, long from, long[] shape) {
    long[] strides = Arrays.copyOfRange(all.stride(), all.rank() - shape.length, all.rank());
    return Nd4j.create(all.data(), shape, strides, all.offset() + from, 'c');
  }

  /** A tensor with the numbers of the part, copied only if they cannot be used where they are. */
  private static Fp64Tensor tensor(Fp64Rank rank, INDArray part, Axis heads) {
    Spec spec = spec(part.size(0), heads, part.size(1), part.size(2));
    return Nd4jViews.reasonToCopy(part).isEmpty()
        ? Nd4jViews.wrapped(rank, spec, part)
        : Nd4jViews.copied(rank, spec, part);
  }

  private static Spec spec(long batch, Axis heads, long count, long dim) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.BATCH, Math.toIntExact(batch)),
        new Dim(heads, Math.toIntExact(count)),
        new Dim(Axis.HEAD_DIM, Math.toIntExact(dim)));
  }

  private static void requireAxes(String name, INDArray array, String axes, int rank) {
    if (array.rank() != rank) {
      throw new InvalidInputException(
          "%s: expected %s, got shape %s".formatted(name, axes, shape(array)));
    }
    if (!array.dataType().isFPType()) {
      throw new InvalidInputException(
          "%s: expected type DOUBLE, FLOAT, HALF or BFLOAT16, got %s %s"
              .formatted(name, array.dataType(), shape(array)));
    }
    if (array.wasClosed()) {
      throw new InvalidInputException(name + ": the array has been closed");
    }
  }

  private static String shape(INDArray array) {
    return Arrays.toString(array.shape());
  }
}

package dev.helix.attention.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ShardedAttentionTest {
  private static final Layout KVP2 = new Layout(2, 1, 2, 1);
  private static final ScoreRule RULE = ScoreRule.ofScale(0.5);

  private final ShardedAttention attention =
      new ShardedAttention(KVP2, new RoundRobinPlacement(2, 3), RULE);

  @Test
  void aTokenReachesTheMergeThroughItsOwnerAlone() {
    INDArray q = numbers(1, 2, 4);
    INDArray k = numbers(1, 10, 1, 4);
    INDArray v = numbers(1, 10, 1, 4);
    ShardedStates before = attention.attend(q, k, v);
    for (int position = 0; position < 10; position++) {
      INDArray changed = v.dup();
      changed.putScalar(new int[] {0, position, 0, 1}, 100);
      ShardedStates after = attention.attend(q, k, changed);
      int owner = position / 3 % 2;
      for (int rank = 0; rank < 2; rank++) {
        boolean same =
            before
                .ranks()
                .get(rank)
                .partial()
                .output()
                .equals(after.ranks().get(rank).partial().output());
        assertEquals(rank != owner, same, "position " + position + " on rank " + rank);
      }
    }
  }

  @Test
  void aShardWithoutTokensIsTheEmptyState() {
    ShardedStates states =
        attention.attend(numbers(1, 2, 4), numbers(1, 3, 1, 4), numbers(1, 3, 1, 4));
    PartialStates empty = states.ranks().get(1).partial();
    for (int head = 0; head < 2; head++) {
      assertEquals(Double.NEGATIVE_INFINITY, empty.lse().getDouble(0, head));
      assertEquals(0.0, empty.output().getDouble(0, head, 3));
    }
    assertArrayEquals(
        states.ranks().get(0).partial().output().ravel().toDoubleVector(),
        states.output().ravel().toDoubleVector());
  }

  @Test
  void severalQueryTokensOfARequestSeeUpToThemselves() {
    INDArray k = numbers(2, 9, 1, 4);
    INDArray v = numbers(2, 9, 1, 4);
    INDArray q = numbers(4, 2, 4);
    int[] lengths = {9, 5};
    List<QueryToken> rows =
        List.of(
            new QueryToken(0, 6), new QueryToken(0, 7), new QueryToken(1, 4), new QueryToken(0, 0));
    INDArray together = attention.attend(rows, q, k, v, lengths).output();
    for (int row = 0; row < rows.size(); row++) {
      int request = rows.get(row).request();
      INDArray alone =
          attention
              .attend(
                  q.get(NDArrayIndex.interval(row, row + 1)),
                  k.get(NDArrayIndex.interval(request, request + 1)),
                  v.get(NDArrayIndex.interval(request, request + 1)),
                  new int[] {rows.get(row).position() + 1})
              .output();
      assertArrayEquals(
          alone.ravel().toDoubleVector(), together.slice(row).ravel().toDoubleVector());
    }
  }

  @Test
  void aStepWithoutQueriesHasStatesWithoutRows() {
    ShardedStates states =
        attention.attend(
            List.of(),
            Nd4j.create(DataType.DOUBLE, 0, 2, 4),
            numbers(1, 5, 1, 4),
            numbers(1, 5, 1, 4),
            new int[] {5});
    assertArrayEquals(new long[] {0, 2, 4}, states.output().shape());
    assertArrayEquals(new long[] {0, 2}, states.ranks().get(1).partial().lse().shape());
    assertArrayEquals(new long[] {2, 0, 1}, states.ranks().get(1).exchanged().lse().shape());
  }

  @Test
  void noArgumentIsChangedOrKept() {
    INDArray q = numbers(1, 2, 4);
    INDArray k = numbers(1, 10, 1, 4);
    INDArray v = numbers(1, 10, 1, 4);
    ShardedStates states = attention.attend(q, k, v);
    double first = states.output().getDouble(0, 0, 0);
    assertEquals(numbers(1, 2, 4), q);
    assertEquals(numbers(1, 10, 1, 4), k);
    assertEquals(numbers(1, 10, 1, 4), v);
    q.close();
    k.close();
    v.close();
    assertEquals(first, states.ranks().get(0).merged().getDouble(0, 0, 0));
  }

  @Test
  void longRequestsFillSeveralPages() {
    INDArray q = numbers(1, 2, 2);
    INDArray k = numbers(1, 5_000, 1, 2);
    INDArray v = numbers(1, 5_000, 1, 2);
    PlainSoftmax whole =
        PlainSoftmax.of(
            q.slice(0).getRow(1),
            k.reshape(5_000, 2),
            v.reshape(5_000, 2),
            IntStream.range(0, 5_000).boxed().toList(),
            4_999,
            RULE,
            1,
            Double.NEGATIVE_INFINITY,
            2);
    INDArray output = attention.attend(q, k, v).output();
    for (int i = 0; i < 2; i++) {
      assertEquals(whole.output().getDouble(i), output.getDouble(0, 1, i), whole.outputBound()[i]);
    }
  }

  @Test
  void wrongArgumentsAreNamedWithTheirShapes() {
    INDArray q = numbers(2, 2, 4);
    INDArray k = numbers(2, 5, 1, 4);
    refused(
        "q: expected [batch, heads, headDim], got shape [2, 8]",
        () -> attention.attend(numbers(2, 8), k, k));
    refused(
        "k: expected [batch, tokens, kvHeads, headDim], got shape [2, 5, 4]",
        () -> attention.attend(q, numbers(2, 5, 4), k));
    refused(
        "v: expected the shape of k, [2, 5, 1, 4], got [2, 6, 1, 4]",
        () -> attention.attend(q, k, numbers(2, 6, 1, 4)));
    refused(
        "q: expected headDim 4 as in k [2, 5, 1, 4], got [2, 2, 6]",
        () -> attention.attend(numbers(2, 2, 6), k, k));
    refused(
        "q: expected 2 rows, one for each query token (requests of the lengths [5, 5]), got [3, 2,"
            + " 4]",
        () -> attention.attend(numbers(3, 2, 4), k, k));
    refused(
        "q: expected 1 rows, one for each query token (requests of the lengths [5, 0]), got [2, 2,"
            + " 4]",
        () -> attention.attend(q, k, k, new int[] {5, 0}));
    refused(
        "lengths: expected one for each of the 2 requests of k [2, 5, 1, 4], got 1",
        () -> attention.attend(q, k, k, new int[] {5}));
    refused(
        "lengths: expected 0 to 5 tokens as in k [2, 5, 1, 4], got 6 for request 1",
        () -> attention.attend(q, k, k, new int[] {5, 6}));
    refused(
        "rows: expected a token of requests with the lengths [5, 3], got position 3 of request 1",
        () ->
            attention.attend(
                List.of(new QueryToken(0, 4), new QueryToken(1, 3)), q, k, k, new int[] {5, 3}));
    refused(
        "k: expected type DOUBLE, FLOAT, HALF or BFLOAT16, got INT [2, 5, 1, 4]",
        () -> attention.attend(q, k.castTo(DataType.INT32), k));
    refused(
        "q [2, 3, 4] and k [2, 5, 2, 4]: KV heads (2) must divide the query heads (3)",
        () -> attention.attend(numbers(2, 3, 4), numbers(2, 5, 2, 4), numbers(2, 5, 2, 4)));
    refused(
        "q [2, 3, 4] and k [2, 5, 1, 4]: KVP × TPA (2 × 1 = 2) must divide the model's query heads"
            + " (3)",
        () -> attention.attend(numbers(2, 3, 4), k, k));
    refused(
        "placement: expected 2 shards for KVP 2, got RoundRobinPlacement[shards=3, runLength=1]",
        () -> new ShardedAttention(KVP2, new RoundRobinPlacement(3, 1), RULE));
    refused(
        "placement: expected a capacity of at least 5 tokens, got ContiguousPlacement[shards=2,"
            + " capacity=4]",
        () -> new ShardedAttention(KVP2, new ContiguousPlacement(2, 4), RULE).attend(q, k, k));
    refused(
        "rule: expected sinks of 2 heads, got 1",
        () ->
            new ShardedAttention(KVP2, new RoundRobinPlacement(2, 1), RULE.withSinks(List.of(0.0)))
                .attend(q, k, k));
    INDArray closed = numbers(2, 5, 1, 4).dup();
    closed.close();
    refused("v: the array has been closed", () -> attention.attend(q, k, closed));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(InvalidInputException.class, call).getMessage());
  }

  /** The same numbers for the same shape, all different. */
  private static INDArray numbers(int... shape) {
    int count = IntStream.of(shape).reduce(1, Math::multiplyExact);
    double[] numbers = IntStream.range(0, count).mapToDouble(i -> Math.sin(i + 0.5)).toArray();
    return Nd4j.createFromArray(numbers).reshape(shape);
  }
}

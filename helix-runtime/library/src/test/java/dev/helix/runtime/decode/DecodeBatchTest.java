package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class DecodeBatchTest {
  private static final int VOCABULARY = 7;
  private static final Set<Integer> END = Set.of(0);

  /** A request whose tokens do not matter; short where jqwik reports it. */
  private record Wish(int promptLength, int maxNew) {}

  /** A batch that is decoded, with what its steps have read of each request. */
  private static final class Decoding {
    final DecodeBatch batch;
    final List<List<Integer>> read = new ArrayList<>();
    final List<List<StepRow>> steps = new ArrayList<>();
    final Set<Integer> done = new HashSet<>();

    Decoding(List<DecodeRequest> requests) {
      this.batch = new DecodeBatch(requests, END);
      requests.forEach(request -> read.add(new ArrayList<>()));
    }

    /** One step; false if there was nothing to do. */
    boolean step() {
      List<StepRow> rows = batch.next();
      for (StepRow row : rows) {
        List<Integer> cache = read.get(row.query().request());
        assertEquals(cache.size(), row.query().position(), "positions follow each other");
        assertFalse(done.contains(row.query().request()), "a row of a request that is done");
        cache.add(row.token());
      }
      for (StepRow row : rows) {
        int request = row.query().request();
        if (row.sampled()) {
          assertEquals(read.get(request).size() - 1, row.query().position(), "sampled too early");
          if (batch.accept(request, modelled(read.get(request)))) {
            done.add(request);
          }
        }
      }
      steps.add(rows);
      return !rows.isEmpty();
    }

    Decoding toTheEnd() {
      for (boolean more = true; more; ) {
        more = step();
      }
      return this;
    }
  }

  @Property(seed = "20250200", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void decodingTogetherChangesNoRequestsTokens(@ForAll("batches") List<Wish> wishes) {
    List<DecodeRequest> requests = requests(wishes);
    Decoding decoding = new Decoding(requests).toTheEnd();
    for (int index = 0; index < requests.size(); index++) {
      assertEquals(alone(requests.get(index)), decoding.batch.newTokens(index));
    }
  }

  /** Its last new token is chosen but not read. */
  @Property(seed = "20250201", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aRequestReadsItsPromptAndAllNewTokensButTheLast(@ForAll("batches") List<Wish> wishes) {
    List<DecodeRequest> requests = requests(wishes);
    Decoding decoding = new Decoding(requests).toTheEnd();
    for (int index = 0; index < requests.size(); index++) {
      DecodeRequest request = requests.get(index);
      List<Integer> tokens = alone(request);
      List<Integer> expected =
          Stream.concat(request.prompt().stream(), tokens.stream().limit(tokens.size() - 1L))
              .toList();
      assertEquals(expected, decoding.read.get(index));
      assertTrue(expected.size() <= request.capacity());
    }
  }

  @Property(seed = "20250202", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void everyStepBringsEveryUnfinishedRequestOnAndIsNoLargerThanItsLimit(
      @ForAll("batches") List<Wish> wishes) {
    List<DecodeRequest> requests = requests(wishes);
    Decoding decoding = new Decoding(requests);
    for (boolean more = true; more; ) {
      Set<Integer> unfinished = new HashSet<>(IntStream.range(0, requests.size()).boxed().toList());
      unfinished.removeAll(decoding.done);
      more = decoding.step();
      List<StepRow> rows = decoding.steps.get(decoding.steps.size() - 1);
      Set<Integer> served = new HashSet<>();
      rows.forEach(row -> served.add(row.query().request()));
      assertEquals(unfinished, served);
      int limit = Math.max(DecodeBatch.PREFILL_ROWS, unfinished.size());
      assertTrue(rows.size() <= limit, () -> rows.size() + " rows, at most " + limit);
    }
    assertEquals(requests.size(), decoding.done.size());
  }

  @Test
  void aLongPromptIsReadInWindows() {
    Decoding decoding = new Decoding(List.of(request(600, 3))).toTheEnd();
    List<Integer> sizes = decoding.steps.stream().map(List::size).toList();
    assertEquals(List.of(256, 256, 88), sizes.subList(0, 3));
    assertTrue(sizes.subList(3, sizes.size()).stream().allMatch(size -> size <= 1));
    long sampled = decoding.steps.stream().flatMap(List::stream).filter(StepRow::sampled).count();
    assertEquals(decoding.batch.newTokens(0).size(), sampled);
  }

  @Test
  void aLongPromptLeavesRoomForTheRequestsBehindIt() {
    DecodeBatch batch =
        new DecodeBatch(List.of(request(600, 1), request(3, 1), request(1, 1)), END);
    List<Integer> rows = batch.next().stream().map(row -> row.query().request()).toList();
    assertEquals(256, rows.size());
    assertEquals(254, Collections.frequency(rows, 0));
    assertEquals(1, Collections.frequency(rows, 1));
    assertEquals(1, Collections.frequency(rows, 2));
  }

  @Test
  void moreRequestsThanRowsOfAStepHaveOneRowEach() {
    List<DecodeRequest> many = Collections.nCopies(300, request(2, 1));
    List<StepRow> first = new DecodeBatch(many, END).next();
    assertEquals(
        IntStream.range(0, 300).mapToObj(index -> new QueryToken(index, 0)).toList(),
        first.stream().map(StepRow::query).toList());
    assertTrue(first.stream().noneMatch(StepRow::sampled));
  }

  @Test
  void onlyTheLastTokenOfThePromptIsSampled() {
    DecodeBatch batch = new DecodeBatch(List.of(new DecodeRequest(List.of(5, 3, 4), 2)), END);
    assertEquals(
        List.of(
            new StepRow(new QueryToken(0, 0), 5, false),
            new StepRow(new QueryToken(0, 1), 3, false),
            new StepRow(new QueryToken(0, 2), 4, true)),
        batch.next());
    assertFalse(batch.accept(0, 6));
    assertEquals(List.of(new StepRow(new QueryToken(0, 3), 6, true)), batch.next());
    assertTrue(batch.accept(0, 1));
    assertEquals(List.of(), batch.next());
    assertEquals(List.of(6, 1), batch.newTokens(0));
  }

  @Test
  void anEndTokenEndsItsRequestAndNoOtherAndCountsAsNew() {
    DecodeBatch batch = new DecodeBatch(List.of(request(1, 9), request(1, 9)), Set.of(0, 6));
    batch.next();
    assertTrue(batch.accept(0, 6));
    assertFalse(batch.accept(1, 5));
    assertEquals(List.of(new StepRow(new QueryToken(1, 1), 5, true)), batch.next());
    assertTrue(batch.accept(1, 0));
    assertEquals(List.of(), batch.next());
    assertEquals(List.of(6), batch.newTokens(0));
    assertEquals(List.of(5, 0), batch.newTokens(1));
  }

  @Test
  void anEndTokenInAPromptEndsNothing() {
    DecodeBatch batch = new DecodeBatch(List.of(new DecodeRequest(List.of(0, 0), 1)), END);
    assertEquals(2, batch.next().size());
  }

  @Test
  void aRequestHasAPromptAndSomethingToDecode() {
    assertRefused(
        "prompt is empty: expected at least one token", () -> new DecodeRequest(List.of(), 1));
    assertRefused(
        "tokens to decode must be at least 1, got 0", () -> new DecodeRequest(List.of(1), 0));
    assertEquals(4, new DecodeRequest(List.of(1, 2, 3), 2).capacity());
    assertThrows(
        ArithmeticException.class,
        () -> new DecodeRequest(List.of(1, 2), Integer.MAX_VALUE).capacity());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(InvalidInputException.class, call).getMessage());
  }

  /** A model whose next token depends on every token before it and on their order. */
  private static int modelled(List<Integer> tokens) {
    return Math.floorMod((tokens.hashCode() * 0x9e3779b9) >>> 7, VOCABULARY);
  }

  /** What the model makes of one request, without any batch. */
  private static List<Integer> alone(DecodeRequest request) {
    List<Integer> tokens = new ArrayList<>(request.prompt());
    List<Integer> decoded = new ArrayList<>();
    while (decoded.size() < request.maxNew() && !decoded.contains(0)) {
      int next = modelled(tokens);
      tokens.add(next);
      decoded.add(next);
    }
    return decoded;
  }

  private static DecodeRequest request(int prompt, int maxNew) {
    return new DecodeRequest(
        IntStream.range(0, prompt).map(i -> 1 + (i + prompt) * i % 6).boxed().toList(), maxNew);
  }

  private static List<DecodeRequest> requests(List<Wish> wishes) {
    return wishes.stream().map(wish -> request(wish.promptLength(), wish.maxNew())).toList();
  }

  /** Mostly few requests with prompts about the size of a step, sometimes very many short ones. */
  @Provide
  Arbitrary<List<Wish>> batches() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(1, 12)),
            Tuple.of(1, Arbitraries.of(127, 128, 129, 253, 254, 255, 256, 257, 258, 511, 513)));
    Arbitrary<Wish> any =
        Combinators.combine(lengths, Arbitraries.integers().between(1, 9)).as(Wish::new);
    return Arbitraries.frequencyOf(
        Tuple.of(9, any.list().ofMinSize(1).ofMaxSize(6)),
        Tuple.of(
            1,
            Arbitraries.integers()
                .between(254, 258)
                .map(count -> Collections.nCopies(count, new Wish(2, 2)))));
  }
}

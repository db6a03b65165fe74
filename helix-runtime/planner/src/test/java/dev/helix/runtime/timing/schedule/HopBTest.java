package dev.helix.runtime.timing.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionLaunch;
import dev.helix.runtime.timing.TraceBuilder;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** HOP-B is pieces of attention and exchange on two streams (Helix Parallelism, Fig. 3). */
class HopBTest {
  private static final int REQUESTS = 8;
  private static final List<Integer> ALL = List.of(0, 1, 2, 3, 4, 5, 6, 7);

  /** A byte of attention takes 2 units and a byte of exchange 1.2. */
  private static Cost figure3(Operation operation) {
    return unit(operation, 2, 1.2, 0, 0, 0);
  }

  private static Cost unit(
      Operation operation,
      double attention,
      double exchange,
      double overhead,
      double latency,
      double merge) {
    if (operation instanceof Transfer transfer) {
      long bytes = transfer.operandBytes();
      return new Cost(latency, exchange * bytes, bytes);
    }
    long bytes = ((Launch) operation).hbmBytes();
    double each = operation.phase() == Phase.MERGE ? merge : attention;
    return new Cost(0, overhead + each * bytes, bytes);
  }

  private static RankKind lockstep(int requests) {
    TraceBuilder trace = new TraceBuilder();
    int attended = trace.launch(AttentionLaunch.FLASH_DECODE, Phase.ATTENTION, requests);
    int sent = exchange(trace, Piece.WHOLE, requests, attended);
    int merged = trace.launch(AttentionLaunch.MERGE_BY_LSE, Phase.MERGE, requests, sent);
    trace.launch(TensorLaunch.PARTIAL_LINEAR, Phase.OUTPUT_PROJECTION, 0, merged);
    return trace.onEach(ALL);
  }

  /** Request by request, as a plain loop over requests would have it. */
  private static RankKind split(int requests) {
    return split(requests, 1);
  }

  /** Piece by piece, each of several requests. */
  private static RankKind split(int pieces, int requests) {
    TraceBuilder trace = new TraceBuilder();
    List<Integer> merged = new ArrayList<>();
    for (int index = 0; index < pieces; index++) {
      Piece piece = new Piece(index, pieces);
      int attended =
          trace.launch(AttentionLaunch.FLASH_DECODE, Phase.ATTENTION.of(piece), requests);
      int sent = exchange(trace, piece, requests, attended);
      merged.add(trace.launch(AttentionLaunch.MERGE_BY_LSE, Phase.MERGE.of(piece), requests, sent));
    }
    trace.launch(
        TensorLaunch.PARTIAL_LINEAR, Phase.OUTPUT_PROJECTION, 0, merged.toArray(Integer[]::new));
    return trace.onEach(ALL);
  }

  private static int exchange(TraceBuilder trace, Piece piece, int bytes, int after) {
    return trace.transfer(TransferKind.ALL_TO_ALL, Phase.ALL_TO_ALL.of(piece), 8, bytes, after);
  }

  private static double ttl(RankKind trace, OperationCosts costs, Accounting accounting) {
    return new Scheduler(costs, accounting).schedule(List.of(trace)).ttlMicros();
  }

  @Test
  void lockstepOfFigure3Takes25point6() {
    assertEquals(25.6, ttl(lockstep(REQUESTS), HopBTest::figure3, Accounting.PER_PIECE), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void hopBOfFigure3Takes17point2(Accounting accounting) {
    assertEquals(17.2, ttl(split(REQUESTS), HopBTest::figure3, accounting), 1e-12);
  }

  /** The exchange of the last piece is exposed: 16 + 9.6 / pieces. */
  @ParameterizedTest
  @CsvSource({"1, 25.6", "2, 20.8", "4, 18.4", "8, 17.2"})
  void hopBOfFigure3ExposesTheExchangeOfOnePiece(int pieces, double micros) {
    for (Accounting accounting : Accounting.values()) {
      assertEquals(
          micros, ttl(split(pieces, REQUESTS / pieces), HopBTest::figure3, accounting), 1e-12);
    }
  }

  /** Of what an exchange costs it makes no difference how much of it is latency. */
  @Property(seed = "20251122", tries = 50)
  void hopBOfFigure3Takes17point2WhateverPartIsLatency(
      @ForAll @DoubleRange(min = 0, max = 9) double latency) {
    OperationCosts costs =
        operation -> unit(operation, 2, (9.6 - latency) / REQUESTS, 0, latency, 0);
    assertEquals(25.6, ttl(lockstep(REQUESTS), costs, Accounting.IDEALISED), 1e-12);
    assertEquals(17.2, ttl(split(REQUESTS), costs, Accounting.IDEALISED), 1e-12);
  }

  @Test
  void piecesWithTheirOwnOverheadPayItEachAndLatenciesOverlap() {
    OperationCosts costs = operation -> unit(operation, 2, 1.2, 3, 10, 0);
    // The last exchange hides behind the merges of the requests before: compute never waits.
    assertEquals(8 * (2 + 3) + 8 * 3 + 3, ttl(split(REQUESTS), costs, Accounting.PER_PIECE), 1e-12);
  }

  @Test
  void piecesThatShareOneOverheadPayItOnce() {
    OperationCosts costs = operation -> unit(operation, 2, 1.2, 3, 10, 0);
    double lockstep = ttl(lockstep(REQUESTS), costs, Accounting.IDEALISED);
    assertEquals(3 + 16 + 9.6 + 10 + 3 + 3, lockstep, 1e-12);
    double split = ttl(split(REQUESTS), costs, Accounting.IDEALISED);
    assertTrue(split < lockstep - 8, split + " after " + lockstep);
  }

  /**
   * Two exchanges of one layer are two operations, whatever their names: only the pieces that a
   * program has marked share a latency.
   */
  @ParameterizedTest
  @EnumSource
  void exchangesThatNobodyHasMarkedAsPiecesPayTheirOwnLatency(Accounting accounting) {
    TraceBuilder trace = new TraceBuilder();
    int first = exchange(trace, Piece.WHOLE, 1, trace.launch(TensorLaunch.ADD, Phase.NORM, 0));
    int between = trace.launch(TensorLaunch.ADD, Phase.NORM, 0, first);
    exchange(trace, Piece.WHOLE, 1, between);
    OperationCosts costs = operation -> unit(operation, 0, 1.125, 0, 8, 0);
    assertEquals(2 * (8 + 1.125), ttl(trace.onEach(ALL), costs, accounting), 1e-12);
  }

  @Test
  void aPieceThatIsMissingIsAnErrorThatSaysWhich() {
    TraceBuilder trace = new TraceBuilder();
    exchange(trace, new Piece(0, 3), 1, trace.launch(TensorLaunch.ADD, Phase.NORM, 0));
    exchange(trace, new Piece(2, 3), 1, 0);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ttl(trace.onEach(ALL), HopBTest::figure3, Accounting.IDEALISED));
    assertEquals(
        "rank 0, layer 0, allToAll (operation 2): expected piece 1 of 3 next, got piece 2 of 3",
        refused.getMessage());
  }

  /** What a piece waits for when the one before it holds it back is not in the chain of a cycle. */
  @Test
  void piecesThatShareALatencyAreRefusedInSeveralMicroBatches() {
    TraceBuilder trace = new TraceBuilder();
    for (int batch = 0; batch < 2; batch++) {
      int entered =
          trace.at(Place.Outside.EMBEDDING).launch(TensorLaunch.EMBED, Phase.EMBEDDING, 0);
      trace.at(Place.layer(0));
      exchange(trace, new Piece(0, 2), 5, entered);
      exchange(trace, new Piece(1, 2), 1, entered);
    }
    RankKind ranks = trace.onEach(ALL);
    assertTrue(ttl(ranks, HopBTest::figure3, Accounting.PER_PIECE) > 0);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ttl(ranks, HopBTest::figure3, Accounting.IDEALISED));
    assertEquals(
        "2 micro-batches: expected 1, or no exchange in pieces that share one latency",
        refused.getMessage());
  }

  @Property(seed = "20251122", tries = 300)
  void hopBIsNeverSlowerUnderIdealisedAccounting(
      @ForAll @IntRange(min = 1, max = 12) int requests,
      @ForAll @DoubleRange(max = 5) double attention,
      @ForAll @DoubleRange(max = 5) double exchange,
      @ForAll @DoubleRange(max = 20) double overhead,
      @ForAll @DoubleRange(max = 20) double latency,
      @ForAll @DoubleRange(max = 3) double merge) {
    OperationCosts costs =
        operation -> unit(operation, attention, exchange, overhead, latency, merge);
    double lockstep = ttl(lockstep(requests), costs, Accounting.IDEALISED);
    double split = ttl(split(requests), costs, Accounting.IDEALISED);
    assertTrue(split <= lockstep * (1 + 1e-12), split + " against " + lockstep);
  }
}

package dev.helix.laws.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A step of some requests, and what happens to them when it is over.
 *
 * @param brought new tokens of requests, in the order of the rows; the others wait
 * @param padding number of rows behind them that belong to no request
 * @param closed requests that end with the step; if one of these numbers comes again, it is a new
 *     request
 */
record CacheStep(List<Brought> brought, int padding, List<Integer> closed) {
  CacheStep {
    brought = List.copyOf(brought);
    closed = List.copyOf(closed);
  }

  /** A step that brings these tokens and nothing else. */
  static CacheStep of(Brought... brought) {
    return new CacheStep(List.of(brought), 0, List.of());
  }

  /**
   * The new tokens of one request.
   *
   * @param rejected how many of the last of them are taken back when the step is over
   */
  record Brought(int request, int tokens, int rejected) {
    Brought(int request, int tokens) {
      this(request, tokens, 0);
    }

    @Override
    public String toString() {
      return "%d of request %d%s"
          .formatted(tokens, request, rejected == 0 ? "" : ", %d rejected".formatted(rejected));
    }
  }

  CacheStep padded(int rows) {
    return new CacheStep(brought, rows, closed);
  }

  CacheStep closing(Integer... requests) {
    return new CacheStep(brought, padding, List.of(requests));
  }

  CacheStep withoutPadding() {
    return padded(0);
  }

  /** The same step with accepted tokens alone. */
  CacheStep withoutDrafts() {
    List<Brought> accepted =
        brought.stream()
            .map(one -> new Brought(one.request, one.tokens - one.rejected))
            .filter(one -> one.tokens > 0)
            .toList();
    return new CacheStep(accepted, padding, closed);
  }

  CacheStep withoutEnds() {
    return closing();
  }

  /** Steps that bring one token each, in the same order. */
  List<CacheStep> singly() {
    List<CacheStep> steps = new ArrayList<>();
    for (Brought one : brought) {
      Stream.generate(() -> of(new Brought(one.request, 1))).limit(one.tokens).forEach(steps::add);
    }
    return steps;
  }

  int rows() {
    return brought.stream().mapToInt(Brought::tokens).sum() + padding;
  }

  @Override
  public String toString() {
    return "%s%s%s"
        .formatted(
            brought,
            padding == 0 ? "" : " and %d rows of padding".formatted(padding),
            closed.isEmpty() ? "" : ", then %s end".formatted(closed));
  }
}

package dev.helix.laws.cache;

import java.util.List;

/** One rank's part of a cache, as a scheduler drives it; all ranks get the same calls. */
public interface RankCache {
  /** A request begins, without tokens. */
  void open(int request);

  /**
   * Takes in the tokens of a step and reads what its rows see. A token sees the tokens of its
   * request up to itself, as far as this rank keeps them.
   *
   * @param rows the rows of the step: rows of one request stand together, requests come in any
   *     order, and padding comes last
   * @return for each row the values that it sees on this rank, in the order of their tokens; what
   *     is returned for padding is not looked at
   */
  List<double[]> step(List<CacheRow> rows);

  /**
   * A request's last tokens are taken back, as those of drafts that were rejected.
   *
   * @param tokens how many stay, on all ranks together
   */
  void truncate(int request, int tokens);

  /** Ends a request. Its number may come again for another request. */
  void close(int request);
}

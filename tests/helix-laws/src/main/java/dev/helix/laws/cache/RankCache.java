package dev.helix.laws.cache;

import java.util.List;

/** One rank's part of a cache, as a scheduler drives it; all ranks get the same calls. */
public interface RankCache {
  /** A request begins, without tokens. */
  void open(int request);

  /**
   * Takes in the tokens of a step and reads what its rows see: each token those of its request up
   * to itself, as far as this rank keeps them.
   *
   * @param rows those of a request together, in any order of requests; padding behind them
   * @return for each row the values that it sees on this rank, in the order of their tokens; of
   *     padding nothing is read
   */
  List<double[]> step(List<CacheRow> rows);

  /**
   * A request's last tokens are taken back, as those of drafts that were rejected.
   *
   * @param tokens how many stay, on all ranks together
   */
  void truncate(int request, int tokens);

  /** A request ends; its number may come again for another. */
  void close(int request);
}

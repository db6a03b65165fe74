package dev.helix.laws.museum;

import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.laws.Law;
import dev.helix.laws.cache.CacheUnderTest;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** Faults of pages, padding and lengths, in a cache as a scheduler drives it. */
final class CacheExhibits {
  private CacheExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            new FaultStory(
                "slot −1 of a padding row is the last slot of the cache",
                "vllm-project/vllm#43810",
                "A step is padded to a fixed number of rows, whose slot is −1. A write that does"
                    + " not skip them counts it from the end: into the last slot of the last page.",
                "Until the cache is full nobody has that slot."),
            "Caught by padding beside full pages, in a pool that is no larger than it has to be.",
            List.of(Law.CACHE_PADDING),
            new PlainCache() {
              @Override
              int[] slotsOfPadding() {
                return new int[] {-1};
              }
            }),
        exhibit(
            new FaultStory(
                "page table by row of the step, not by request",
                "tenstorrent/vllm-tt-plugin#43, tenstorrent/vllm-tt-plugin#103",
                "Page tables are kept by request, and looked up by the number that a request has"
                    + " among those of the step. A request behind one that waits writes into and"
                    + " reads from another one's pages.",
                "Where every request has a token in every step both numbers are the same."),
            "Caught by a step in which the first request has no token, and by rows in another"
                + " order.",
            List.of(Law.CACHE_TOKENS),
            new PlainCache() {
              @Override
              int tableOf(int request, int numberInStep, List<Integer> open) {
                return open.get(numberInStep);
              }
            }),
        new Exhibit(
            CacheFaults.REJECTED_DRAFTS_COUNTED,
            "Caught by a step after three drafts of which one was accepted.",
            List.of(Law.CACHE_DRAFTS, Law.DECODE_DRAFTS),
            List.of(
                new PlainCache() {
                  @Override
                  int lengthAfterRejection(int length, int stay) {
                    return length;
                  }
                },
                new FaultyDecode(CacheFaults.REJECTED_DRAFTS_COUNTED))));
  }

  private static Exhibit exhibit(
      FaultStory story, String caught, List<Law> killers, CacheUnderTest variant) {
    return new Exhibit(new ShownFault(FaultSeam.CACHE, story), caught, killers, variant);
  }
}

package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one rank saw at its taps, folded to 64 bits each: enough to find the first place at which a
 * rank's copy of a replicated tensor differs in any bit from another's.
 */
public final class RankAgreement {
  private final List<Seen> seen = new ArrayList<>();

  void keep(TapPoint place, List<QueryToken> step, double[] values) {
    // FNV-1a over whole words: one changed bit changes the fold. A product hands bits upwards only;
    // without the shift, sign bits that change in two values would cancel out.
    long fold = 0xcbf29ce484222325L;
    for (double value : values) {
      fold = (fold ^ Double.doubleToRawLongBits(value)) * 0x100000001b3L;
      fold ^= fold >>> 32;
    }
    seen.add(new Seen(place, step, fold));
  }

  /** The first place at which the two ranks hold different bits, in words. */
  public Optional<String> firstDifference(int rank, RankAgreement reference) {
    int common = Math.min(seen.size(), reference.seen.size());
    for (int i = 0; i < common; i++) {
      Seen own = seen.get(i);
      Seen other = reference.seen.get(i);
      if (!own.equals(other)) {
        return Optional.of(
            "rank %d differs from rank 0 at %s of %s".formatted(rank, own.place(), own.step()));
      }
    }
    return seen.size() == reference.seen.size()
        ? Optional.empty()
        : Optional.of(
            "rank %d saw %d tensors, rank 0 %d"
                .formatted(rank, seen.size(), reference.seen.size()));
  }

  private record Seen(TapPoint place, List<QueryToken> step, long fold) {}
}

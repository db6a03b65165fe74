package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors that one rank has observed at its taps in one step, each folded to 64 bits. This is
 * enough to find the first tap point at which a rank's copy of a replicated tensor differs in any
 * bit from that of another rank.
 */
final class StepFolds {
  private static final long EMPTY = 0xcbf29ce484222325L;

  private final List<Seen> seen = new ArrayList<>();

  void keep(TapPoint point, List<QueryToken> step, double[] values) {
    long fold = EMPTY;
    for (double value : values) {
      fold = folded(fold, Double.doubleToRawLongBits(value));
    }
    seen.add(new Seen(point, step, fold));
  }

  void keep(TapPoint point, List<QueryToken> step, Routing routing) {
    long fold = EMPTY;
    for (Routing.Choice choice : routing.tokens()) {
      for (int expert : choice.experts()) {
        fold = folded(fold, expert);
      }
      for (double weight : choice.weights()) {
        fold = folded(fold, Double.doubleToRawLongBits(weight));
      }
    }
    seen.add(new Seen(point, step, fold));
  }

  // This is FNV-1a over whole words, so that one changed bit changes the fold. A product carries
  // bits upwards only; without the shift, sign bits that change in two values would cancel out.
  private static long folded(long fold, long word) {
    long next = (fold ^ word) * 0x100000001b3L;
    return next ^ next >>> 32;
  }

  /**
   * The first tap point at which {@code rank} holds other bits than the reference rank, in words.
   */
  Optional<String> firstDifference(int rank, int referenceRank, StepFolds reference) {
    int common = Math.min(seen.size(), reference.seen.size());
    for (int i = 0; i < common; i++) {
      Seen own = seen.get(i);
      if (!own.equals(reference.seen.get(i))) {
        return Optional.of(
            "rank %d differs from rank %d at %s of %s"
                .formatted(rank, referenceRank, own.point(), own.step()));
      }
    }
    return seen.size() == reference.seen.size()
        ? Optional.empty()
        : Optional.of(
            "rank %d saw %d tensors, rank %d %d"
                .formatted(rank, seen.size(), referenceRank, reference.seen.size()));
  }

  /** All folds as bytes, for {@link #of}. */
  ByteBuffer bytes() {
    int size = 0;
    for (Seen one : seen) {
      size += 3 * Integer.BYTES + Long.BYTES + one.step().size() * 2 * Integer.BYTES;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (Seen one : seen) {
      bytes.putInt(one.point().layer()).putInt(Wired.number(one.point().quantity()));
      bytes.putInt(one.step().size());
      for (QueryToken token : one.step()) {
        bytes.putInt(token.request()).putInt(token.position());
      }
      bytes.putLong(one.fold());
    }
    return bytes.flip();
  }

  /** Reads what {@link #bytes} has written. */
  static StepFolds of(ByteBuffer bytes) {
    StepFolds folds = new StepFolds();
    while (bytes.hasRemaining()) {
      TapPoint point = new TapPoint(bytes.getInt(), Wired.quantity(bytes.getInt()));
      int rows = bytes.getInt();
      List<QueryToken> step = new ArrayList<>(rows);
      for (int row = 0; row < rows; row++) {
        step.add(new QueryToken(bytes.getInt(), bytes.getInt()));
      }
      folds.seen.add(new Seen(point, step, bytes.getLong()));
    }
    return folds;
  }

  private record Seen(TapPoint point, List<QueryToken> step, long fold) {}
}

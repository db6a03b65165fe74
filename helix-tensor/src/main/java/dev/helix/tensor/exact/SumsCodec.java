package dev.helix.tensor.exact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes exact sums as bytes, little-endian, and reads them. Each run of sums begins with the
 * number of its places; for each place follow its number and one digit for each sum. Only places
 * with a digit other than 0 are sent, and digits are carried first, so that equal sums are equal
 * bytes.
 */
final class SumsCodec {
  private SumsCodec() {}

  /** Collects runs of sums, and takes the sums [from, to) of each. */
  static final class Writer {
    private final int from;
    private final int to;
    private final List<List<Integer>> places = new ArrayList<>();
    private final List<ExactSums> runs = new ArrayList<>();
    private int bytes = 1;

    Writer(int from, int to) {
      this.from = from;
      this.to = to;
    }

    void add(ExactSums run) {
      run.carry();
      List<Integer> used = new ArrayList<>();
      for (int place = run.lowestPlace(); place < run.endPlace(); place++) {
        long[] digits = run.digitsOrNull(place);
        if (digits != null && isUsed(digits)) {
          used.add(place);
        }
      }
      places.add(used);
      runs.add(run);
      int placeBytes = Integer.BYTES + (to - from) * Long.BYTES;
      bytes = Math.addExact(bytes, Integer.BYTES + Math.multiplyExact(used.size(), placeBytes));
    }

    ByteBuffer finish(byte kind) {
      ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).put(kind);
      for (int i = 0; i < runs.size(); i++) {
        buffer.putInt(places.get(i).size());
        for (int place : places.get(i)) {
          buffer.putInt(place);
          long[] digits = runs.get(i).digitsOrNull(place);
          for (int k = from; k < to; k++) {
            buffer.putLong(digits[k]);
          }
        }
      }
      return buffer.flip();
    }

    private boolean isUsed(long[] digits) {
      for (int k = from; k < to; k++) {
        if (digits[k] != 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** Adds one run of {@code count} sums to those of {@code to} from index {@code from}. */
  static void read(ByteBuffer bytes, ExactSums to, int from, int count) {
    int places = bytes.getInt();
    to.prepare();
    for (int i = 0; i < places; i++) {
      long[] digits = to.at(bytes.getInt());
      for (int k = 0; k < count; k++) {
        digits[from + k] += bytes.getLong();
      }
    }
  }
}

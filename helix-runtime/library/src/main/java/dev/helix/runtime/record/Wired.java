package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The bytes as which the values of a record cross between ranks. */
final class Wired {
  private static final List<Quantity> QUANTITIES = List.of(Quantity.values());

  private Wired() {}

  static void writePoint(TapPoint point, DataOutput out) throws IOException {
    out.writeInt(point.layer());
    out.writeByte(number(point.quantity()));
  }

  static TapPoint readPoint(DataInput in) throws IOException {
    return new TapPoint(in.readInt(), quantity(in.readByte()));
  }

  /** A number for a quantity, which all ranks of a run understand in the same way. */
  static int number(Quantity quantity) {
    return QUANTITIES.indexOf(quantity);
  }

  /** The quantity for which {@link #number} gave this number. */
  static Quantity quantity(int number) {
    return QUANTITIES.get(number);
  }

  static void writeToken(QueryToken token, DataOutput out) throws IOException {
    out.writeInt(token.request());
    out.writeInt(token.position());
  }

  static QueryToken readToken(DataInput in) throws IOException {
    return new QueryToken(in.readInt(), in.readInt());
  }

  static void writeDoubles(double[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      // Raw bits are written, because writeDouble would make all NaNs one.
      out.writeLong(Double.doubleToRawLongBits(value));
    }
  }

  static double[] readDoubles(DataInput in) throws IOException {
    double[] values = new double[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(in.readLong());
    }
    return values;
  }
}

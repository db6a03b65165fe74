package dev.helix.runtime.record;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One part's state of attention for one token, as a reading holds it. In floating-point readings
 * that is the output normalised over the part and the natural log-sum-exp of its scores; in the
 * {@code exact} reading the two sums Σ p·v and Σ p, each rounded once for the record.
 *
 * @param output {@code [heads, headDim]}; not to be changed
 * @param lse {@code [heads]}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Numbers of a record that is read, never compared.
public record PartialRow(double[] output, double[] lse) {
  void write(DataOutput out) throws IOException {
    Wired.writeDoubles(output, out);
    Wired.writeDoubles(lse, out);
  }

  static PartialRow read(DataInput in) throws IOException {
    return new PartialRow(Wired.readDoubles(in), Wired.readDoubles(in));
  }
}

package dev.helix.runtime.record;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The partial state of one part of the sequence for one token, as a reading holds it. In
 * floating-point readings it is the output, normalised over the part, and the natural log-sum-exp
 * of its scores. In the {@code exact} reading it is the two sums Σ p·v and Σ p, each rounded once
 * for the record.
 *
 * @param output {@code [heads, headDim]}; not to be changed
 * @param lse {@code [heads]}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The numbers of a record are read and never compared.
public record PartialRow(double[] output, double[] lse) {
  void write(DataOutput out) throws IOException {
    Wired.writeDoubles(output, out);
    Wired.writeDoubles(lse, out);
  }

  static PartialRow read(DataInput in) throws IOException {
    return new PartialRow(Wired.readDoubles(in), Wired.readDoubles(in));
  }
}

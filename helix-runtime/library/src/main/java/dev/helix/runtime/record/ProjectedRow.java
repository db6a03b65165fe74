package dev.helix.runtime.record;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The projections of one token on one rank, after the rotary embedding. All ranks that share KV
 * heads have the same, and one of them keeps the key and the value.
 *
 * @param query {@code [heads, headDim]}; not to be changed
 * @param key {@code [kvHeads, headDim]}, or in latent attention the entry, {@code [latent + rope]};
 *     not to be changed
 * @param value {@code [kvHeads, headDim]}; empty in latent attention, where an entry begins with
 *     its value; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The numbers of a record are read and never compared.
public record ProjectedRow(double[] query, double[] key, double[] value) {
  void write(DataOutput out) throws IOException {
    Wired.writeDoubles(query, out);
    Wired.writeDoubles(key, out);
    Wired.writeDoubles(value, out);
  }

  static ProjectedRow read(DataInput in) throws IOException {
    return new ProjectedRow(Wired.readDoubles(in), Wired.readDoubles(in), Wired.readDoubles(in));
  }
}

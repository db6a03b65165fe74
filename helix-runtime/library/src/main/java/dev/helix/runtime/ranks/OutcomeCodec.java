package dev.helix.runtime.ranks;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Converts the result of a rank's program to bytes and back.
 *
 * @param <R> what a rank's program returns
 */
public interface OutcomeCodec<R> {
  /** Writes an outcome, on its rank. */
  void write(R outcome, DataOutput out) throws IOException;

  /** Reads what {@link #write} has written. */
  R read(DataInput in) throws IOException;

  /** The bytes of an outcome. */
  default OutcomeBytes encode(R outcome) {
    OutcomeBytes bytes = new OutcomeBytes();
    try (DataOutputStream out = new DataOutputStream(bytes.sink())) {
      write(outcome, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  /**
   * The outcome that the bytes stand for. They are consumed by the call.
   *
   * @throws IllegalArgumentException if bytes are left over
   * @throws UncheckedIOException if bytes are missing
   */
  default R decode(OutcomeBytes bytes) {
    try (DataInputStream in = new DataInputStream(bytes.source())) {
      R outcome = read(in);
      if (in.read() >= 0) {
        throw new IllegalArgumentException(
            "an outcome of " + outcome.getClass() + ": more bytes were written than read");
      }
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

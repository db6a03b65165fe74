package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.ranks.OutcomeCodec;
import dev.helix.runtime.record.RunRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts a rank's outcome to bytes and back. */
final class RankOutcomeCodec implements OutcomeCodec<RankOutcome> {
  @Override
  public void write(RankOutcome outcome, DataOutput out) throws IOException {
    outcome.record().write(out);
    out.writeInt(outcome.logits().size());
    for (SampledLogits row : outcome.logits()) {
      out.writeInt(row.query().request());
      out.writeInt(row.query().position());
      out.writeInt(row.values().length);
      for (double logit : row.values()) {
        out.writeLong(Double.doubleToRawLongBits(logit));
      }
    }
    // writeUTF takes no more than 64 KiB, and a difference names all rows of its step.
    byte[] difference = outcome.difference().orElse("").getBytes(StandardCharsets.UTF_8);
    out.writeInt(difference.length);
    out.write(difference);
    out.writeDouble(outcome.seconds());
  }

  @Override
  public RankOutcome read(DataInput in) throws IOException {
    RunRecord record = RunRecord.read(in);
    List<SampledLogits> logits = new ArrayList<>();
    for (int rows = in.readInt(); rows > 0; rows--) {
      QueryToken query = new QueryToken(in.readInt(), in.readInt());
      double[] values = new double[in.readInt()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Double.longBitsToDouble(in.readLong());
      }
      logits.add(new SampledLogits(query, values));
    }
    byte[] difference = new byte[in.readInt()];
    in.readFully(difference);
    return new RankOutcome(
        record,
        logits,
        Optional.of(new String(difference, StandardCharsets.UTF_8)).filter(s -> !s.isEmpty()),
        in.readDouble());
  }
}

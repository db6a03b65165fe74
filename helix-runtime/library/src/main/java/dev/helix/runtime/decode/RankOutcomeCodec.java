package dev.helix.runtime.decode;

import dev.helix.runtime.ranks.OutcomeCodec;
import dev.helix.runtime.record.RunRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rank's outcome as bytes. */
final class RankOutcomeCodec implements OutcomeCodec<RankOutcome> {
  @Override
  public void write(RankOutcome outcome, DataOutput out) throws IOException {
    outcome.record().write(out);
    out.writeInt(outcome.logits().size());
    for (List<double[]> step : outcome.logits()) {
      out.writeInt(step.size());
      for (double[] row : step) {
        out.writeInt(row.length);
        for (double logit : row) {
          out.writeLong(Double.doubleToRawLongBits(logit));
        }
      }
    }
    // writeUTF takes no more than 64 KiB, and a step can have many rows.
    byte[] difference = outcome.difference().orElse("").getBytes(StandardCharsets.UTF_8);
    out.writeInt(difference.length);
    out.write(difference);
    out.writeDouble(outcome.seconds());
  }

  @Override
  public RankOutcome read(DataInput in) throws IOException {
    RunRecord record = RunRecord.read(in);
    List<List<double[]>> logits = new ArrayList<>();
    for (int steps = in.readInt(); steps > 0; steps--) {
      List<double[]> step = new ArrayList<>();
      for (int rows = in.readInt(); rows > 0; rows--) {
        double[] row = new double[in.readInt()];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.longBitsToDouble(in.readLong());
        }
        step.add(row);
      }
      logits.add(step);
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

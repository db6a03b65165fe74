package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of one step of a run: the tokens that were read in it, and those that were chosen.
 *
 * @param rows the rows of the step's batch, in order
 * @param chosen for each sampled row, in order, the next token of its request
 */
public record StepRecord(List<StepRow> rows, List<Integer> chosen) {
  /**
   * Checks that each sampled row has one token.
   *
   * @throws IllegalArgumentException if not every sampled row has one token
   */
  public StepRecord {
    rows = List.copyOf(rows);
    chosen = List.copyOf(chosen);
    long sampled = rows.stream().filter(StepRow::sampled).count();
    if (sampled != chosen.size()) {
      throw new IllegalArgumentException(
          "a step of %d sampled rows: expected as many tokens, got %d"
              .formatted(sampled, chosen.size()));
    }
  }

  /** The request and position of each row. */
  public List<QueryToken> queries() {
    return rows.stream().map(StepRow::query).toList();
  }

  /** The token that a request got in this step, if it got one. */
  Optional<Integer> chosenFor(int request) {
    int sampled = 0;
    for (StepRow row : rows) {
      if (row.sampled()) {
        if (row.query().request() == request) {
          return Optional.of(chosen.get(sampled));
        }
        sampled++;
      }
    }
    return Optional.empty();
  }

  /** Writes the record, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(rows.size());
    for (StepRow row : rows) {
      Wired.writeToken(row.query(), out);
      out.writeInt(row.token());
      out.writeBoolean(row.sampled());
    }
    for (int token : chosen) {
      out.writeInt(token);
    }
  }

  /** Reads what {@link #write} has written. */
  public static StepRecord read(DataInput in) throws IOException {
    List<StepRow> rows = new ArrayList<>();
    List<Integer> chosen = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      rows.add(new StepRow(Wired.readToken(in), in.readInt(), in.readBoolean()));
    }
    for (StepRow row : rows) {
      if (row.sampled()) {
        chosen.add(in.readInt());
      }
    }
    return new StepRecord(rows, chosen);
  }
}

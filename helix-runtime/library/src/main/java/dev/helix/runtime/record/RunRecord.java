package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of a run: what it did in each step, and as much of what it computed as it was asked to
 * keep. Everyone who wants to know what happened reads it here, and no run has to be repeated for
 * that.
 *
 * @param steps the steps of the run, in order
 * @param taps what was computed at every tap point; empty if that was not recorded
 * @param attention what each rank held inside of attention; empty if that was not recorded
 * @param cache the bits that were stored in a quantised cache; empty if the cache is not quantised
 */
public record RunRecord(
    List<StepRecord> steps,
    Optional<TapRecord> taps,
    Optional<AttentionRecord> attention,
    Optional<CacheRecord> cache) {
  public RunRecord {
    steps = List.copyOf(steps);
  }

  /** The rows from whose logits a request's tokens were chosen, in order. */
  public List<QueryToken> sampled(int request) {
    return steps.stream()
        .flatMap(step -> step.rows().stream())
        .filter(row -> row.sampled() && row.query().request() == request)
        .map(StepRow::query)
        .toList();
  }

  /** The tokens that a request got, in order. */
  public List<Integer> newTokens(int request) {
    return steps.stream().flatMap(step -> step.chosenFor(request).stream()).toList();
  }

  /** Writes the whole record, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(steps.size());
    for (StepRecord step : steps) {
      step.write(out);
    }
    out.writeBoolean(taps.isPresent());
    if (taps.isPresent()) {
      taps.get().write(out);
    }
    out.writeBoolean(attention.isPresent());
    if (attention.isPresent()) {
      attention.get().write(out);
    }
    out.writeBoolean(cache.isPresent());
    if (cache.isPresent()) {
      cache.get().write(out);
    }
  }

  /** Reads what {@link #write} has written. */
  public static RunRecord read(DataInput in) throws IOException {
    List<StepRecord> steps = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      steps.add(StepRecord.read(in));
    }
    Optional<TapRecord> taps =
        in.readBoolean() ? Optional.of(TapRecord.read(in)) : Optional.empty();
    Optional<AttentionRecord> attention =
        in.readBoolean() ? Optional.of(AttentionRecord.read(in)) : Optional.empty();
    Optional<CacheRecord> cache =
        in.readBoolean() ? Optional.of(CacheRecord.read(in)) : Optional.empty();
    return new RunRecord(steps, taps, attention, cache);
  }
}

package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of what a run computed at every tap point for every token: rows of numbers, and the
 * experts that each token was routed to.
 */
public final class TapRecord {
  private final Map<At, double[]> rows = new HashMap<>();
  private final Map<At, Routing.Choice> choices = new HashMap<>();

  /**
   * Keeps one row for each token of the step.
   *
   * @param values {@code [batch, width]}
   * @throws IllegalArgumentException if {@code values} do not form whole rows
   * @throws IllegalStateException if a token has a row at that point already
   */
  public void keep(TapPoint point, List<QueryToken> step, double[] values) {
    int width = step.isEmpty() ? 0 : values.length / step.size();
    if (width * step.size() != values.length) {
      throw new IllegalArgumentException(
          "%s: %d numbers are no whole rows of %d tokens"
              .formatted(point, values.length, step.size()));
    }
    for (int row = 0; row < step.size(); row++) {
      double[] own = Arrays.copyOfRange(values, row * width, (row + 1) * width);
      once(rows, new At(point, step.get(row)), own);
    }
  }

  /**
   * Keeps the choice of experts of each token of the step.
   *
   * @throws IllegalArgumentException if there are not as many choices as tokens
   */
  void keepRouting(TapPoint point, List<QueryToken> step, Routing routing) {
    if (routing.tokens().size() != step.size()) {
      throw new IllegalArgumentException(
          "%s: %d choices for %d tokens".formatted(point, routing.tokens().size(), step.size()));
    }
    for (int row = 0; row < step.size(); row++) {
      once(choices, new At(point, step.get(row)), routing.tokens().get(row));
    }
  }

  private static <V> void once(Map<At, V> kept, At at, V value) {
    if (kept.putIfAbsent(at, value) != null) {
      throw new IllegalStateException(at + " was recorded twice");
    }
  }

  /**
   * Whether numbers were recorded for a token at a tap point. Logits are recorded only where the
   * next token was sampled.
   */
  public boolean has(TapPoint point, QueryToken token) {
    return rows.containsKey(new At(point, token));
  }

  /** The row computed at {@code point} for {@code token}; not to be changed. */
  public double[] row(TapPoint point, QueryToken token) {
    double[] row = rows.get(new At(point, token));
    if (row == null) {
      throw new IllegalArgumentException("nothing was recorded at " + point + " for " + token);
    }
    return row;
  }

  /** The experts that a layer chose for {@code token}; empty in a layer without experts. */
  public Optional<Routing.Choice> choice(int layer, QueryToken token) {
    return Optional.ofNullable(choices.get(new At(new TapPoint(layer, Quantity.ROUTING), token)));
  }

  /** The routing of a layer for some tokens; empty in a layer without experts. */
  public Optional<Routing> routing(int layer, List<QueryToken> step) {
    List<Routing.Choice> chosen =
        step.stream().flatMap(token -> choice(layer, token).stream()).toList();
    return chosen.size() == step.size() && !step.isEmpty()
        ? Optional.of(new Routing(chosen))
        : Optional.empty();
  }

  /** Adds what another rank has recorded about tokens that this record does not have. */
  public void takeAll(TapRecord other) {
    other.rows.forEach((at, row) -> once(rows, at, row));
    other.choices.forEach((at, choice) -> once(choices, at, choice));
  }

  /** Writes the whole record, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(rows.size());
    for (Map.Entry<At, double[]> entry : rows.entrySet()) {
      entry.getKey().write(out);
      Wired.writeDoubles(entry.getValue(), out);
    }
    out.writeInt(choices.size());
    for (Map.Entry<At, Routing.Choice> entry : choices.entrySet()) {
      entry.getKey().write(out);
      List<Integer> experts = entry.getValue().experts();
      out.writeInt(experts.size());
      for (int i = 0; i < experts.size(); i++) {
        out.writeInt(experts.get(i));
        out.writeDouble(entry.getValue().weights().get(i));
      }
    }
  }

  /** Reads what {@link #write} has written. */
  public static TapRecord read(DataInput in) throws IOException {
    TapRecord record = new TapRecord();
    for (int left = in.readInt(); left > 0; left--) {
      record.rows.put(At.read(in), Wired.readDoubles(in));
    }
    for (int left = in.readInt(); left > 0; left--) {
      At at = At.read(in);
      List<Integer> experts = new ArrayList<>();
      List<Double> weights = new ArrayList<>();
      for (int expert = in.readInt(); expert > 0; expert--) {
        experts.add(in.readInt());
        weights.add(in.readDouble());
      }
      record.choices.put(at, new Routing.Choice(experts, weights));
    }
    return record;
  }

  private record At(TapPoint point, QueryToken token) {
    void write(DataOutput out) throws IOException {
      Wired.writePoint(point, out);
      Wired.writeToken(token, out);
    }

    static At read(DataInput in) throws IOException {
      return new At(Wired.readPoint(in), Wired.readToken(in));
    }

    @Override
    public String toString() {
      return point + " of " + token;
    }
  }
}

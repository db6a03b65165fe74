package dev.helix.runtime.dump;

import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which rank, decode step and layer a dumped tensor is of. What is empty is not stated, and the
 * tensor counts for every rank, step or layer.
 */
public record Coordinates(OptionalInt rank, OptionalInt step, OptionalInt layer) {
  /** A tensor of which nothing is stated. */
  public static final Coordinates NONE =
      new Coordinates(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /** These coordinates with another rank. */
  public Coordinates atRank(int other) {
    return new Coordinates(OptionalInt.of(other), step, layer);
  }

  /** These coordinates with another step. */
  public Coordinates atStep(int other) {
    return new Coordinates(rank, OptionalInt.of(other), layer);
  }

  /** These coordinates with another layer. */
  public Coordinates atLayer(int other) {
    return new Coordinates(rank, step, OptionalInt.of(other));
  }

  /** These coordinates, and those of {@code other} where these are not stated. */
  public Coordinates or(Coordinates other) {
    return new Coordinates(
        rank.isPresent() ? rank : other.rank,
        step.isPresent() ? step : other.step,
        layer.isPresent() ? layer : other.layer);
  }

  /** Whether a tensor with these coordinates counts for a rank at a moment. */
  boolean covers(int ofRank, Moment moment) {
    return rank.orElse(ofRank) == ofRank
        && step.orElse(moment.step()) == moment.step()
        && layer.orElse(moment.layer()) == moment.layer();
  }

  /** All coordinates that state less, and count for everything that these are of. */
  public Set<Coordinates> wider() {
    Set<Coordinates> wider = new LinkedHashSet<>();
    OptionalInt none = OptionalInt.empty();
    for (int kept = 0; kept < 7; kept++) {
      wider.add(
          new Coordinates(
              (kept & 1) == 0 ? none : rank,
              (kept & 2) == 0 ? none : step,
              (kept & 4) == 0 ? none : layer));
    }
    wider.remove(this);
    return wider;
  }

  /** How many of the three are stated. */
  public int stated() {
    return (rank.isPresent() ? 1 : 0) + (step.isPresent() ? 1 : 0) + (layer.isPresent() ? 1 : 0);
  }

  /** For messages: {@code rank 2, step 1, layer 0}, or {@code every rank}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(rank.isPresent() ? "rank " + rank.getAsInt() : "every rank");
    step.ifPresent(value -> text.append(", step ").append(value));
    layer.ifPresent(value -> text.append(", layer ").append(value));
    return text.toString();
  }
}

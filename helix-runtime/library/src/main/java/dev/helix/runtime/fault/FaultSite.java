package dev.helix.runtime.fault;

import dev.helix.tensor.program.Place;
import java.util.OptionalInt;

/**
 * The part of a run in which a fault is switched on.
 *
 * @param rank the only rank that has the fault; empty if all have it
 * @param layer the only layer that has it; empty if all have it
 */
public record FaultSite(OptionalInt rank, OptionalInt layer) {
  /** Every layer on every rank. */
  public static final FaultSite EVERYWHERE =
      new FaultSite(OptionalInt.empty(), OptionalInt.empty());

  boolean hasRank(int index) {
    return rank.isEmpty() || rank.getAsInt() == index;
  }

  boolean hasLayer(int index) {
    return layer.isEmpty() || layer.getAsInt() == index;
  }

  boolean has(Place place) {
    return layer.isEmpty() || (place instanceof Place.Layer of && of.index() == layer.getAsInt());
  }

  /** Says where the fault is, as in "rank 3, every layer". */
  @Override
  public String toString() {
    return (rank.isPresent() ? "rank " + rank.getAsInt() : "every rank")
        + ", "
        + (layer.isPresent() ? "layer " + layer.getAsInt() : "every layer");
  }
}

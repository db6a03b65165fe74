package dev.helix.tensor.trace;

import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.Purpose;

/**
 * The place and the purpose that the program gave to an operation when it launched it.
 *
 * @param place the part of the program that the operation belongs to
 * @param purpose what the operation is for
 */
public record Stated(Place place, Purpose purpose) {
  /** The same purpose at another place. */
  public Stated at(Place other) {
    return new Stated(other, purpose);
  }
}

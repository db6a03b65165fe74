package dev.helix.runtime.cli.option;

import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.OracleReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.InvalidInputException;

/** The readings by the names of the command line. */
public final class Readings {
  private Readings() {}

  /**
   * A new reading.
   *
   * @throws InvalidInputException if there is none of that name
   */
  public static Reading<?> named(String name) {
    return switch (name) {
      case "fp64" -> new Fp64Reading();
      case ExactReading.NAME -> new ExactReading();
      case "counting" -> new CountingReading();
      case OracleReading.NAME -> new OracleReading();
      default ->
          throw new InvalidInputException(
              "--reading: expected fp64, exact, counting or oracle, got '" + name + "'");
    };
  }
}

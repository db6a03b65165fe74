package dev.helix.runtime.cli.option;

import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.OracleReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.InvalidInputException;

/** Finds readings by the names that the command line uses. */
public final class Readings {
  private Readings() {}

  /**
   * Creates a reading.
   *
   * @throws InvalidInputException if there is none with that name
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

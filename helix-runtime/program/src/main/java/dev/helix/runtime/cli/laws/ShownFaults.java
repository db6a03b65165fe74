package dev.helix.runtime.cli.laws;

import dev.helix.laws.museum.Museum;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.tensor.faults.Fault;
import java.util.Optional;

/** The faults that the museum shows, for commands that do not see the laws. */
public final class ShownFaults {
  private ShownFaults() {}

  /**
   * The fault of an exhibit.
   *
   * @param name the exhibit's, with spaces or with hyphens
   */
  public static Optional<Fault> named(String name) {
    String key = SwitchableFaults.key(name);
    return Museum.exhibits().stream()
        .filter(exhibit -> SwitchableFaults.key(exhibit.name()).equals(key))
        .findFirst()
        .map(exhibit -> exhibit.fault());
  }
}

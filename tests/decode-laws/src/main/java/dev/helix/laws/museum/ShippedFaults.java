package dev.helix.laws.museum;

import dev.helix.laws.KnownFaults;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import java.util.ArrayList;
import java.util.List;

/**
 * All exhibits except those of the merge, as known faults with which wrong answers are compared.
 */
public final class ShippedFaults implements KnownFaults {
  @Override
  public List<KnownFault> all() {
    List<KnownFault> faults = new ArrayList<>();
    for (Exhibit exhibit : Museum.exhibits()) {
      String name = "\"%s\" (%s)".formatted(exhibit.name(), exhibit.seenIn());
      for (UnderTest variant : exhibit.variants()) {
        if (variant.seam() != Seam.MERGE) {
          faults.add(new KnownFault(name, variant));
        }
      }
    }
    return List.copyOf(faults);
  }
}

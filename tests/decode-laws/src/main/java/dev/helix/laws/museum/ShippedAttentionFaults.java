package dev.helix.laws.museum;

import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.attention.KnownAttentionFaults;
import java.util.ArrayList;
import java.util.List;

/**
 * The exhibits of the attention kernel as known faults, with which wrong answers of a kernel are
 * compared.
 */
public final class ShippedAttentionFaults implements KnownAttentionFaults {
  @Override
  public List<KnownAttentionFault> all() {
    List<KnownAttentionFault> faults = new ArrayList<>();
    for (Exhibit exhibit : AttentionExhibits.all()) {
      String name = "\"%s\" (%s)".formatted(exhibit.name(), exhibit.seenIn());
      exhibit.variants().stream()
          .filter(AttentionUnderTest.class::isInstance)
          .map(AttentionUnderTest.class::cast)
          .forEach(kernel -> faults.add(new KnownAttentionFault(name, kernel)));
    }
    return List.copyOf(faults);
  }
}

package dev.helix.laws.museum;

import java.util.ArrayList;
import java.util.List;

/** All exhibits, in the order of the pipeline from the merge outwards. */
public final class Museum {
  private Museum() {}

  /** New variants of all of them. */
  public static List<Exhibit> exhibits() {
    List<Exhibit> exhibits = new ArrayList<>(MergeExhibits.all());
    exhibits.addAll(AttentionExhibits.all());
    return List.copyOf(exhibits);
  }
}

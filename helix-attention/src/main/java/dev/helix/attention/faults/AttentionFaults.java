package dev.helix.attention.faults;

import java.util.ArrayList;
import java.util.List;

/** All faults of attention, from the merge outwards. */
public final class AttentionFaults {
  private AttentionFaults() {}

  /** All of them. */
  public static List<AttentionFault> all() {
    List<AttentionFault> all = new ArrayList<>(MergeFaults.all());
    all.addAll(KernelFaults.all());
    all.addAll(CacheFaults.all());
    return List.copyOf(all);
  }
}

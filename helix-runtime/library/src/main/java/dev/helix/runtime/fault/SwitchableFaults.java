package dev.helix.runtime.fault;

import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.attention.faults.kernel.KernelFaults;
import dev.helix.attention.faults.kernel.ScalesFault;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.attention.faults.quantized.StorageFaults;
import dev.helix.attention.faults.rotary.RotaryFaults;
import dev.helix.attention.faults.rotary.RotaryRuleFault;
import dev.helix.tensor.faults.ExchangeFaults;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The shipped faults that can be switched on in a decode. Those are missing that only say which
 * numbers a faulty program would take from a configuration, and those of mixtures of experts.
 */
public final class SwitchableFaults {
  private SwitchableFaults() {}

  /** All of them, from the merge outwards. */
  public static List<Fault> all() {
    List<Fault> faults = new ArrayList<>(MergeFaults.all());
    faults.addAll(TileFaults.all());
    faults.addAll(KernelFaults.all());
    faults.addAll(CacheFaults.all());
    faults.addAll(RotaryFaults.all());
    faults.addAll(StorageFaults.all());
    faults.addAll(ExchangeFaults.all());
    faults.removeIf(fault -> fault instanceof ScalesFault || fault instanceof RotaryRuleFault);
    return List.copyOf(faults);
  }

  /**
   * The name by which the command line knows a fault: the words of its name in lower case, with
   * hyphens between them.
   */
  public static String key(Fault fault) {
    return key(fault.story().name());
  }

  /**
   * Whether a fault leaves numbers as they are, and changes where a rank looks for them: how many
   * tokens it has, in which slots, and by which position one is turned. Such a fault acts in every
   * reading. All others rewrite numbers as doubles.
   */
  public static boolean actsInEveryReading(Fault fault) {
    return fault.seam() == FaultSeam.CACHE || fault.seam() == FaultSeam.POSITIONS;
  }

  /** Finds a fault by its key, or by its name in words. */
  public static Optional<Fault> named(String name) {
    return all().stream().filter(fault -> key(fault).equals(key(name))).findFirst();
  }

  /** The name of any fault of the museum, as the command line writes it. */
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}

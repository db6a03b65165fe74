package dev.helix.laws.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Known faults of kernels of partial attention. Answers that break a law are compared with those of
 * each faulty kernel. Providers are found as services, so that no law depends on the faults that it
 * is tried on.
 */
public interface KnownAttentionFaults {
  /** The faults, in an order that does not change. */
  List<KnownAttentionFault> all();

  /**
   * A kernel with one fault.
   *
   * @param name what the fault is called, and where it was seen
   * @param kernel the kernel that has the fault, in double precision and nats
   */
  record KnownAttentionFault(String name, AttentionUnderTest kernel) {}

  /** The known faults of all providers. */
  static List<KnownAttentionFault> ofServices() {
    List<KnownAttentionFault> faults = new ArrayList<>();
    ServiceLoader.load(KnownAttentionFaults.class)
        .forEach(provider -> faults.addAll(provider.all()));
    return List.copyOf(faults);
  }
}

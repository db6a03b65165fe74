package dev.helix.laws;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Known faults of implementations. Answers that break a law are compared with those of each faulty
 * implementation of the same seam. Providers are found as services, so that no law depends on the
 * faults that it is tried on. Those of the merge have a service of their own, as they answer the
 * questions of any convention: {@link dev.helix.laws.merge.KnownMergeFaults}.
 */
public interface KnownFaults {
  /** The faults, in an order that does not change. */
  List<KnownFault> all();

  /**
   * An implementation with one fault.
   *
   * @param name what the fault is called, and where it was seen
   * @param variant the implementation that has the fault, in double precision and nats
   */
  record KnownFault(String name, UnderTest variant) {}

  /** The known faults of all providers at a seam. */
  static List<KnownFault> at(Seam seam) {
    return ServiceLoader.load(KnownFaults.class).stream()
        .flatMap(provider -> provider.get().all().stream())
        .filter(fault -> fault.variant().seam() == seam)
        .toList();
  }
}

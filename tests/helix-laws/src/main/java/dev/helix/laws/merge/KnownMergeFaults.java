package dev.helix.laws.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Ways in which merges are known to go wrong: what breaks a law is compared with each. Providers
 * are found as services, so that no law depends on the faults that it is tried on.
 */
public interface KnownMergeFaults {
  /** The faults, in an order that does not change. */
  List<KnownMergeFault> all();

  /** A merge with one fault. */
  interface KnownMergeFault {
    /** What it is called, and where it was seen. */
    String name();

    /** What it answers; empty if no merge of the question's convention can have the fault. */
    Optional<Answer> answer(Stack asked);
  }

  /** Those of all providers. */
  static List<KnownMergeFault> ofServices() {
    List<KnownMergeFault> faults = new ArrayList<>();
    ServiceLoader.load(KnownMergeFaults.class).forEach(provider -> faults.addAll(provider.all()));
    return List.copyOf(faults);
  }
}

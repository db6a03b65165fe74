package dev.helix.laws.merge;

import dev.helix.laws.merge.states.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Known faults of merges. Answers that break a law are compared with those of each faulty merge.
 * Providers are found as services, so that no law depends on the faults that it is tried on.
 */
public interface KnownMergeFaults {
  /** The faults, in an order that does not change. */
  List<KnownMergeFault> all();

  /** A merge with one fault. */
  interface KnownMergeFault {
    /** The name of the fault, and where it was seen. */
    String name();

    /**
     * The answer of the faulty merge; empty if no merge with the question's convention can have the
     * fault.
     */
    Optional<Answer> answer(Stack asked);
  }

  /** The known faults of all providers. */
  static List<KnownMergeFault> ofServices() {
    List<KnownMergeFault> faults = new ArrayList<>();
    ServiceLoader.load(KnownMergeFaults.class).forEach(provider -> faults.addAll(provider.all()));
    return List.copyOf(faults);
  }
}

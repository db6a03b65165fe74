package dev.helix.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The trial of a law on one case, judged by everything that it compares and not by the first thing
 * that is wrong. When the judgement is first asked for, the implementation is asked again, and so
 * are implementations with known faults.
 *
 * @param <C> a case
 */
final class ComparedInquiry<C> implements Inquiry {
  /** Comparisons that are kept; where there are more the implementation is asked once more. */
  private static final int MOST_KEPT = 1 << 14;

  private final Law law;
  private final SeamTrials<C> laws;
  private final C given;
  private List<Observation> observations = List.of();
  private Optional<Comparisons> kept = Optional.empty();

  ComparedInquiry(Law law, SeamTrials<C> laws, C given) {
    this.law = law;
    this.laws = laws;
    this.given = given;
  }

  @Override
  public String question() {
    return given.toString();
  }

  /** Returns the rows of the law's comparisons, at least one. */
  @Override
  public List<Observation> observations() {
    if (observations.isEmpty()) {
      Comparisons all = laws.trial(law, given).compared();
      kept = Optional.of(all).filter(some -> some.count() <= MOST_KEPT);
      observations = List.copyOf(all.observations());
    }
    return observations;
  }

  /** Empty, because the violation itself names what is wrong. */
  @Override
  public Optional<WrongElement> worst() {
    return Optional.empty();
  }

  @Override
  public List<Agreement> agreements(Predicate<String> asked) {
    List<KnownFaults.KnownFault> faults =
        KnownFaults.at(law.seam()).stream().filter(fault -> asked.test(fault.name())).toList();
    if (faults.isEmpty()) {
      return List.of();
    }
    Comparisons own = kept.orElseGet(() -> laws.trial(law, given).compared());
    List<Agreement> agreements = new ArrayList<>();
    for (KnownFaults.KnownFault fault : faults) {
      // All laws of a seam are tried on cases of one type.
      @SuppressWarnings("unchecked")
      SeamTrials<C> theirs = (SeamTrials<C>) fault.variant().laws();
      agreements.add(own.agreement(fault.name(), theirs.trial(law, given).compared()));
    }
    return agreements;
  }
}

package dev.helix.runtime.dump.writing;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.runtime.fault.SwitchedOn;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is dumped of a run, and how.
 *
 * @param convention how partial states are represented; the run has to round them in the same way,
 *     as it does in a {@link ConventionReading}
 * @param step which step of the run is dumped, counted from 0; the last one if empty
 * @param fault the fault that is switched on in the run; a rank with another placement keeps other
 *     tokens than the others think
 */
public record DumpForm(Convention convention, OptionalInt step, Optional<SwitchedOn> fault) {
  /** Double precision with natural log-sum-exps, of the last step of a run without a fault. */
  public static final DumpForm DOUBLES =
      new DumpForm(Convention.of(Precision.FP64), OptionalInt.empty(), Optional.empty());

  /** This form in another convention. */
  public DumpForm in(Convention other) {
    return new DumpForm(other, step, fault);
  }

  /** This form of another step. */
  public DumpForm at(int index) {
    return new DumpForm(convention, OptionalInt.of(index), fault);
  }

  /** This form of a run with a fault. */
  public DumpForm with(SwitchedOn on) {
    return new DumpForm(convention, step, Optional.of(on));
  }
}

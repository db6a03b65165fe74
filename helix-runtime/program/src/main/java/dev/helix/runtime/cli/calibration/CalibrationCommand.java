package dev.helix.runtime.cli.calibration;

import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.ValidationTable;
import dev.helix.runtime.timing.validation.Validation;
import java.io.PrintStream;

/** {@code helix time --validate}: a machine held against published measurements. */
public final class Calibration {
  private Calibration() {}

  /**
   * Prints every measurement beside the machine's time for it.
   *
   * @return the exit status: whether each family of measurements is met within its limit
   */
  public static int run(Machine machine, PrintStream out) {
    Validation validation = Validation.of(machine);
    out.print(ValidationTable.of(validation));
    boolean kept = validation.families().stream().allMatch(Validation.Family::withinLimit);
    return kept ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }
}

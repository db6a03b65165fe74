package dev.helix.runtime.cli.calibration;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.MachineOptions;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.CalibrationReport;
import dev.helix.runtime.timing.report.ValidationTable;
import dev.helix.runtime.timing.validation.Validation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code helix calibration}, which compares a machine with published measurements. */
@Command(
    name = "calibration",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    defaultValueProvider = FittedPreset.class,
    description = {
      "Holds the times of a machine against published measurements, one by one, and says how far"
          + " each family of them is off.",
      "The exit status is 0 if each family keeps its promised error, 1 if one does not, 2"
          + " if something that was given is wrong, and 3 if the command failed. The promises are"
          + " those of --preset silicon."
    })
public final class CalibrationCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private MachineOptions machineOptions;

  @Mixin private JsonOption json;

  /** Creates the command, which prints to the console. */
  public CalibrationCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    machineOptions.refuseWithoutEffect(new GivenOptions(spec));
    Machine machine = machineOptions.machine();
    Report report = json.report(console);
    Validation validation = Validation.of(machine);
    report.console().out().print(ValidationTable.of(validation));
    CalibrationReport found =
        CalibrationReport.of(
            new CalibrationReport.Question(
                machine.gpu().name(), machine.preset().name(), machineOptions.file()),
            validation);
    report.write(() -> found);
    return found.passed() ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }
}

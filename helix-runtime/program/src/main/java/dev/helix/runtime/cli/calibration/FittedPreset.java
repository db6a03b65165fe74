package dev.helix.runtime.cli.calibration;

import java.util.List;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Makes {@code silicon} the default of {@code calibration --preset}, because the promised errors
 * are those of {@code silicon}. Other commands take the constants that the paper assumes.
 */
final class FittedPreset implements IDefaultValueProvider {
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && List.of(option.names()).contains("--preset")
        ? "silicon"
        : null;
  }
}

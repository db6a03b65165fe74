package dev.helix.runtime.cli.calibration;

import java.util.List;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The default of {@code calibration --preset}: the promised errors are those of {@code silicon},
 * whereas the other commands take the constants that the paper assumes.
 */
final class FittedPreset implements IDefaultValueProvider {
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && List.of(option.names()).contains("--preset")
        ? "silicon"
        : null;
  }
}

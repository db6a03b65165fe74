package dev.helix.runtime.cli.option;

import dev.helix.runtime.timing.memory.MemoryReserve;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --reserve}, which keeps a part of each GPU's memory free. */
public final class ReserveOption {
  @Option(
      names = "--reserve",
      paramLabel = "PERCENT",
      defaultValue = "10",
      converter = Percent.class,
      description =
          "Keep this part of a GPU's memory free for drivers, libraries and fragmentation, in"
              + " percent from 0 to below 100 (default: ${DEFAULT-VALUE}).")
  private MemoryReserve reserve;

  /** The part of each GPU's memory that a step may not fill. */
  public MemoryReserve reserve() {
    return reserve;
  }

  /** The reserve in words: {@code 10%}. */
  public String words() {
    double percent = reserve.percent();
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f%%", percent)
        : percent + "%";
  }

  /** Reads a percentage. */
  static final class Percent implements ITypeConverter<MemoryReserve> {
    @Override
    public MemoryReserve convert(String value) {
      if (!value.matches("\\d{1,2}(\\.\\d{1,9})?")) {
        throw new TypeConversionException(
            "expected a percentage from 0 to below 100, got '" + value + "'");
      }
      return new MemoryReserve(Double.parseDouble(value));
    }
  }
}

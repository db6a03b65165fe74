package dev.helix.runtime.cli.option;

import picocli.CommandLine.Option;

/** HOP-B, on or off (Helix Parallelism §2, Fig. 3). */
public final class HopBOption {
  @Option(
      names = "--hop-b",
      paramLabel = "on|off",
      defaultValue = "off",
      converter = OnOff.Words.class,
      description =
          "Attend and exchange request by request, so that the one can hide the other on a GPU"
              + " (HOP-B): on or off. No number that is decoded changes by it (default:"
              + " ${DEFAULT-VALUE}).")
  private OnOff hopB;

  /** Whether it is on. */
  public boolean isOn() {
    return hopB.isOn();
  }
}

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
          "Attend and exchange request by request, so that one hides the other on a GPU; no number"
              + " changes by it (default: ${DEFAULT-VALUE}).")
  private OnOff hopB;

  /** Whether it is on. */
  public boolean isOn() {
    return hopB.isOn();
  }
}

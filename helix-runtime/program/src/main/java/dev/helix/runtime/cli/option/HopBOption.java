package dev.helix.runtime.cli.option;

import picocli.CommandLine.Option;

/** The option that switches HOP-B on or off (Helix Parallelism §2, Fig. 3). */
public final class HopBOption {
  @Option(
      names = "--hop-b",
      paramLabel = "on|off",
      defaultValue = "off",
      converter = OnOff.Words.class,
      description =
          "Attend and exchange request by request, so that one can hide the other on a GPU"
              + " (HOP-B): on or off. This changes no number that is decoded (default:"
              + " ${DEFAULT-VALUE}).")
  private OnOff hopB;

  /** Whether HOP-B is on. */
  public boolean isOn() {
    return hopB.isOn();
  }
}

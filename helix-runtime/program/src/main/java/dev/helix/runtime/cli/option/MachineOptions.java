package dev.helix.runtime.cli.option;

import dev.helix.runtime.timing.machine.Framework;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that choose the machine whose times are computed: a known one, or the user's own. */
public final class MachineOptions {
  @Option(
      names = "--gpu",
      paramLabel = "NAME",
      defaultValue = "gb200",
      description =
          "Take this GPU: gb200 or gb300; or b200 or h200, in boards of 8, for which there is no"
              + " preset silicon (default: ${DEFAULT-VALUE}).")
  private String gpu;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "paper",
      description =
          "Take these constants for times: paper, which the published claims assume; silicon, which"
              + " were fitted to published measurements; or sol, the speed of light, which has no"
              + " overhead (default: ${DEFAULT-VALUE}).")
  private String preset;

  @Option(
      names = "--framework",
      paramLabel = "NAME",
      defaultValue = "sglang",
      converter = Frameworks.class,
      description =
          "Take the launches of this serving program, where a preset tells them apart, as silicon"
              + " does: sglang, vllm or trtllm (default: ${DEFAULT-VALUE}).")
  private Framework framework;

  @Option(
      names = "--machine",
      paramLabel = "FILE",
      description = "Take the GPU and the preset of this JSON file in place of --gpu and --preset.")
  private Optional<String> file;

  /** The values of {@code --framework}. */
  static final class Frameworks extends OneOf<Framework> {
    Frameworks() {
      super(List.of(Framework.values()));
    }
  }

  /** Refuses the name of a known machine together with a file. */
  public void refuseWithoutEffect(GivenOptions given) {
    if (file.isEmpty() && !preset.equals("silicon")) {
      given.refuse("with --preset " + preset, "--framework");
    }
    if (file.isPresent()) {
      given.refuse("with --machine", "--gpu", "--preset");
    }
  }

  /**
   * The machine that was chosen.
   *
   * @throws InvalidInputException if a name is not known, or naming the file and what is wrong
   */
  public Machine machine() {
    return file.map(name -> Machine.read(Paths.given("--machine", name)))
        .orElseGet(() -> Machine.named(gpu, preset))
        .under(framework);
  }

  /**
   * The same GPU under the other of the presets {@code paper} and {@code silicon}; empty if neither
   * was chosen, or if there is none for the GPU.
   */
  public Optional<Machine> beside() {
    boolean known = file.isEmpty() && (gpu.equals("gb200") || gpu.equals("gb300"));
    return switch (known ? preset : "") {
      case "paper" -> Optional.of(Machine.named(gpu, "silicon").under(framework));
      case "silicon" -> Optional.of(Machine.named(gpu, "paper"));
      default -> Optional.empty();
    };
  }

  /** The serving program whose launches are taken. */
  public Framework framework() {
    return framework;
  }

  /** The name of the user's own file. */
  public Optional<String> file() {
    return file;
  }
}

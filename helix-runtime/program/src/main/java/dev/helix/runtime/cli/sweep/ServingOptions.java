package dev.helix.runtime.cli.sweep;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.option.ContextOption;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.MachineOptions;
import dev.helix.runtime.cli.option.ModelOption;
import dev.helix.runtime.cli.option.ReserveOption;
import dev.helix.runtime.cli.time.PrecisionOptions;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.report.SweepQuestion;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is served on what. */
final class ServingOptions {
  private static final String LOAD = "uniform";

  private static final List<String> OF_TIME_TOO =
      List.of(
          "--model",
          "--context",
          "--gpu",
          "--preset",
          "--framework",
          "--machine",
          "--weights",
          "--attention-weights",
          "--ffn-weights",
          "--expert-weights",
          "--kv",
          "--reserve");

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "llama-405b",
      description =
          "Serve this model: llama-405b, deepseek-r1, recall-gqa, recall-mla or a directory with a"
              + " config.json (default: ${DEFAULT-VALUE}).")
  private String model;

  @Mixin private ContextOption context;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Let an instance have at most this many GPUs, from 1 to those of an NVLink domain, 72"
              + " (default: ${DEFAULT-VALUE}).")
  private int gpus;

  @Mixin private MachineOptions machineOptions;

  @Mixin private PrecisionOptions formats;

  @Mixin private ReserveOption reserve;

  /** Checks the options against each other and makes the deployment. */
  Deployment deployment(GivenOptions given) {
    machineOptions.refuseWithoutEffect(given);
    Machine machine = machineOptions.machine();
    int most = (int) machine.gpu().domainGpus().value();
    if (gpus < 1 || gpus > most) {
      throw new InvalidInputException(
          "--gpus: expected 1 to %d, the GPUs of one NVLink domain of %s, got %d"
              .formatted(most, machine.gpu().name(), gpus));
    }
    ModelConfig config = ModelOption.shape("--model", model).config();
    formats.refuseWithoutEffect(given, config);
    return new Deployment(
        config, machine, formats.precision(), context.tokens(), reserve.reserve());
  }

  /** The same under the other preset, if there is one. */
  Optional<Deployment> beside(Deployment own) {
    return machineOptions
        .beside()
        .map(
            machine ->
                new Deployment(
                    own.model(), machine, own.precision(), own.context(), own.reserve()));
  }

  int gpus() {
    return gpus;
  }

  /**
   * The question as reports repeat it.
   *
   * @param given the options of the command
   */
  SweepQuestion question(Deployment deployment, SearchSpace space, GivenOptions given) {
    return new SweepQuestion(
        new SweepQuestion.Served(
            model, deployment.context(), deployment.model().mixture().map(m -> LOAD), time(given)),
        new SweepQuestion.MachineNames(
            deployment.machine().gpu().name(),
            deployment.machine().preset().name(),
            deployment.reserve().percent()),
        formats.fields(),
        new SweepQuestion.Space(
            space.gpus(),
            space.strategies().stream().map(Object::toString).toList(),
            space.batches()));
  }

  /** The same question for {@code time}, which has these options too. */
  private static String time(GivenOptions given) {
    return given.asWritten(OF_TIME_TOO).stream()
        .map(ServingOptions::forShell)
        .collect(Collectors.joining(" ", "time ", ""))
        .strip();
  }

  /** A word as a shell takes it: in quotes, if it has characters that a shell would read. */
  private static String forShell(String word) {
    return word.matches("[\\w./:,=+%@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * Numbers of requests in order, each once.
   *
   * @param given those that were given, or none
   * @throws InvalidInputException if one is out of range
   */
  static List<Integer> batches(List<Integer> given, List<Integer> otherwise) {
    for (int batch : given) {
      if (batch < 1 || batch > SearchSpace.MAX_BATCH) {
        throw new InvalidInputException(
            "--batches: expected numbers from 1 to %d, got %d"
                .formatted(SearchSpace.MAX_BATCH, batch));
      }
    }
    return given.isEmpty() ? otherwise : given.stream().sorted().distinct().toList();
  }
}

package dev.helix.runtime.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command. It only says which commands there are. */
@Command(
    name = "helix",
    mixinStandardHelpOptions = true,
    version = "helix 0.1.0",
    description = "The answer sheet for sharded LLM decoding.")
final class HelixCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, one of " + spec.subcommands().keySet());
  }
}

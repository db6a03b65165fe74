package dev.helix.runtime.cli.option;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.tensor.InvalidInputException;
import java.util.function.Function;

/** What can be given to the option {@code --convention}. */
public final class ConventionName {
  /** The systems whose conventions have names, for descriptions of the option. */
  public static final String SYSTEMS =
      "flashinfer, vllm-dcp, vllm-dcp-agrs, vllm-merge-states, sglang-mla, sglang-mha,"
          + " trtllm-helix, flash-attention, flashmla or ring";

  private ConventionName() {}

  /**
   * The convention of a system.
   *
   * @throws InvalidInputException naming the option and all systems
   */
  public static Convention ofSystem(String name) {
    return read(name, NamedConventions::named);
  }

  /**
   * The convention of a system, or the project's own, with what differs behind the name.
   *
   * @throws InvalidInputException naming the option and what is wrong
   */
  public static Convention spelled(String text) {
    return read(text, ConventionSpelling::read);
  }

  private static Convention read(String text, Function<String, Convention> reading) {
    try {
      return reading.apply(text);
    } catch (InvalidInputException e) {
      throw new InvalidInputException("--" + e.getMessage(), e);
    }
  }
}

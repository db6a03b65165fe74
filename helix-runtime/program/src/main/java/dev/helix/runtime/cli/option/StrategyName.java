package dev.helix.runtime.cli.option;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The strategies that commands know, each with the options that it has. */
public enum StrategyName {
  /** Helix Parallelism. */
  HELIX("helix", "--kvp --tpa --tpf --ep --placement --run-length --hop-b --router --reduction"),
  /** Tensor parallelism. */
  TENSOR_PARALLEL("tp", "--tpa --tpf --ep"),
  /** Tensor parallelism in a pipeline of stages. */
  PIPELINE("tp-pp", "--pp --micro-batches --tpa --tpf --ep"),
  /** Data parallel attention with expert parallelism, of single ranks or of groups of Helix. */
  DATA_PARALLEL("dp-ep", "--dp --kvp --tpa --placement --run-length --hop-b"),
  /** Medha. */
  MEDHA("medha", "--kvp --tpa --tpf --ep --placement --run-length");

  private static final List<String> ALL =
      List.of(
          "--dp",
          "--pp",
          "--micro-batches",
          "--kvp",
          "--tpa",
          "--tpf",
          "--ep",
          "--placement",
          "--run-length",
          "--hop-b",
          "--router",
          "--reduction");

  private final String word;
  private final String options;

  StrategyName(String word, String options) {
    this.word = word;
    this.options = options;
  }

  /** The options that other strategies have and this one has not. */
  String[] withoutEffect() {
    List<String> own = List.of(options.split(" ", -1));
    return ALL.stream().filter(option -> !own.contains(option)).toArray(String[]::new);
  }

  /** The options for widths that it has, in words. */
  public String widths() {
    return String.join(
        ", ",
        Stream.of(options.split(" ", -1))
            .filter(List.of("--dp", "--pp", "--kvp", "--tpa", "--tpf", "--ep")::contains)
            .toList());
  }

  /** What the title of a run says of the strategy, which is nothing of Helix. */
  public String title() {
    return this == HELIX ? "" : "; strategy " + word;
  }

  /**
   * The strategies of some names, or of {@code all}.
   *
   * @param option the option that names them, for the message
   * @throws InvalidInputException if there is no strategy of a name, or one is named twice
   */
  public static List<StrategyName> named(String option, List<String> names) {
    List<StrategyName> named = new ArrayList<>();
    for (String name : names) {
      List<StrategyName> meant =
          Stream.of(values()).filter(s -> name.equals("all") || name.equals(s.word)).toList();
      if (meant.isEmpty()) {
        throw new InvalidInputException(
            "%s: expected all or some of %s, got '%s'"
                .formatted(option, Stream.of(values()).map(s -> s.word).toList(), name));
      }
      for (StrategyName strategy : meant) {
        if (named.contains(strategy)) {
          throw new InvalidInputException(
              "%s: expected each strategy once, got %s twice".formatted(option, strategy));
        }
        named.add(strategy);
      }
    }
    return List.copyOf(named);
  }

  @Override
  public String toString() {
    return word;
  }
}

package dev.helix.runtime.sweep;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The strategies of a sweep, from the simplest to the most involved, which decides ties. */
public enum StrategyKind {
  /** Tensor parallelism. */
  TP("tp"),
  /** Tensor parallelism in a pipeline of stages. */
  TP_PP("tp-pp"),
  /** Data parallel attention on single ranks or on tensor parallel groups, with EP. */
  DP_EP("dp-ep"),
  /** Helix Parallelism. */
  HELIX("helix"),
  /** Medha. */
  MEDHA("medha"),
  /** Data parallel groups that run Helix, with EP over all ranks. */
  DP_HELIX("dp-helix");

  private final String word;

  StrategyKind(String word) {
    this.word = word;
  }

  /** Whether the strategy splits the sequence as Helix does. */
  public boolean isHelix() {
    return this == HELIX || this == DP_HELIX;
  }

  /** The strategy as {@code helix time} knows it, where groups of Helix are a width. */
  public String timed() {
    return this == DP_HELIX ? DP_EP.word : word;
  }

  /**
   * The strategies of some names, or all of them for {@code all}.
   *
   * @param option the option that names them, for the message
   * @throws InvalidInputException if there is no strategy of a name
   */
  public static List<StrategyKind> named(String option, List<String> names) {
    List<StrategyKind> named = new ArrayList<>();
    for (String name : names) {
      List<StrategyKind> meant =
          Stream.of(values()).filter(s -> name.equals("all") || name.equals(s.word)).toList();
      if (meant.isEmpty()) {
        throw new InvalidInputException(
            "%s: expected all or some of %s, got '%s'"
                .formatted(option, Stream.of(values()).map(s -> s.word).toList(), name));
      }
      meant.stream().filter(one -> !named.contains(one)).forEach(named::add);
    }
    return named.stream().sorted().toList();
  }

  @Override
  public String toString() {
    return word;
  }
}

package dev.helix.runtime.cli.laws;

import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.files.RouterDeclaration;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option {@code --features}, which says what a program under test can be asked for. */
final class FeatureOption {
  static final String NAME = "--features";

  @Option(
      names = NAME,
      paramLabel = "NAMES",
      split = ",",
      description =
          "Ask the program for nothing else than these features, with commas between them, or none."
              + " Of an attention they are soft-cap, window, sink, alibi, quantisation-scales,"
              + " value-width, separate-values and million-tokens (default: all but the last); of"
              + " a placement its rules; of a router sigmoid, softmax, best and best-two (default:"
              + " all).")
  private List<String> names = List.of();

  /** Features of an attention that is given queries and keys as they are to be multiplied. */
  Set<AttentionFeature> ofAttention() {
    Set<AttentionFeature> known = AttentionFeature.withoutRotation();
    Set<AttentionFeature> usual = EnumSet.copyOf(known);
    usual.remove(AttentionFeature.MILLION_TOKENS);
    return names.isEmpty() ? usual : given(known);
  }

  /** Rules of a placement that the laws know. */
  Set<PlacementKind> ofPlacement() {
    Set<PlacementKind> known = EnumSet.complementOf(EnumSet.of(PlacementKind.OWN));
    Set<PlacementKind> given = names.isEmpty() ? known : given(known);
    if (given.isEmpty()) {
      throw new InvalidInputException(NAME + ": expected at least one rule of placement, got none");
    }
    return given;
  }

  /** Scorings of a router, and scores of its groups. */
  RouterDeclaration ofRouting(DType format) {
    Set<Enum<?>> known =
        Stream.concat(Arrays.stream(Scoring.values()), Arrays.stream(GroupScore.values()))
            .collect(Collectors.toSet());
    Set<Enum<?>> given = names.isEmpty() ? known : given(known);
    Set<Scoring> scorings = of(given, Scoring.class);
    if (scorings.isEmpty()) {
      throw new InvalidInputException(NAME + ": expected sigmoid or softmax, got neither");
    }
    return new RouterDeclaration(format, scorings, of(given, GroupScore.class));
  }

  private static <E> Set<E> of(Set<? extends Enum<?>> all, Class<E> type) {
    return all.stream().filter(type::isInstance).map(type::cast).collect(Collectors.toSet());
  }

  private <E extends Enum<?>> Set<E> given(Set<E> known) {
    Set<E> given = new HashSet<>();
    for (String name : names.equals(List.of("none")) ? List.<String>of() : names) {
      given.add(
          known.stream()
              .filter(one -> label(one).equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "%s: expected %s or none, got '%s'"
                              .formatted(
                                  NAME,
                                  known.stream()
                                      .sorted(Comparator.comparing(FeatureOption::label))
                                      .map(FeatureOption::label)
                                      .collect(Collectors.joining(", ")),
                                  name))));
    }
    return given;
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

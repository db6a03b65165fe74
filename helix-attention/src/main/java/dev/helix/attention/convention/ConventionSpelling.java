package dev.helix.attention.convention;

import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a convention as one word, and reads it: the name of one, with the {@link ConventionKey}s
 * in which it differs, as in {@code vllm-dcp,base=2,empty-output=zero}. The name {@code own} is
 * that of {@link Convention#of} in FP64.
 */
public final class ConventionSpelling {
  private static final Convention OWN = Convention.of(Precision.FP64);

  private ConventionSpelling() {}

  /**
   * Reads a convention.
   *
   * @throws InvalidInputException in one line, if there is no such name, key or value, or if the
   *     values contradict each other
   */
  public static Convention read(String text) {
    String[] words = text.split(",", -1);
    Convention convention = named(words[0]);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      ConventionKey found =
          Arrays.stream(ConventionKey.values())
              .filter(one -> one.label().equals(key))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "convention: there is no key '%s'; expected %s"
                              .formatted(key, labels())));
      if (equals < 0) {
        throw new InvalidInputException(
            "convention: %s: expected %s=VALUE: %s".formatted(key, key, found.meaning()));
      }
      convention = changed(convention, found, word.substring(equals + 1));
    }
    return convention;
  }

  private static Convention changed(Convention convention, ConventionKey key, String value) {
    try {
      return key.changed(convention, value);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          "convention: %s=%s: %s".formatted(key.label(), value, e.getMessage()));
    }
  }

  /** Writes a convention so that {@link #read} gives one that differs in its name at most. */
  public static String write(Convention convention) {
    Convention named = named(convention.origin().unchangedName());
    StringBuilder text = new StringBuilder(named.origin().name());
    // A value may depend on one before it, so each is compared after those before were changed.
    Convention reached = named;
    for (ConventionKey key : ConventionKey.values()) {
      String value = key.of(convention);
      if (!key.of(reached).equals(value)) {
        reached = key.changed(reached, value);
        text.append(',').append(key.label()).append('=').append(value);
      }
    }
    return text.toString();
  }

  private static Convention named(String name) {
    return Stream.concat(NamedConventions.all().stream(), Stream.of(OWN))
        .filter(convention -> convention.origin().name().equals(name))
        .findFirst()
        .orElseThrow(() -> NamedConventions.unknown(name, List.of(OWN)));
  }

  private static String labels() {
    return Arrays.stream(ConventionKey.values())
        .map(ConventionKey::label)
        .collect(Collectors.joining(", "));
  }
}

package dev.helix.laws;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What broke one law or several: it is told once, by the first of them.
 *
 * @param shown the law whose violation tells it
 * @param more other laws that are broken by the same rows
 * @param trait that every wrong row of these laws has; none if one law alone is broken
 * @param diagnosis the known fault that gives all answers, if there is one
 */
public record Cause(
    Law shown, List<Law> more, Optional<Trait> trait, Optional<Diagnosis> diagnosis) {
  public Cause {
    more = List.copyOf(more);
  }

  /** The other laws in a sentence without its full stop, if there are any. */
  public Optional<String> others() {
    String names = more.stream().map(Law::label).collect(Collectors.joining(", "));
    String laws = more.size() == 1 ? "1 more law is" : more.size() + " more laws are";
    return trait.map(
        found -> "%s broken, only by rows %s: %s".formatted(laws, found.rows(), names));
  }
}

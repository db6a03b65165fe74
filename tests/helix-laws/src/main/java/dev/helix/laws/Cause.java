package dev.helix.laws;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What broke one law or several: it is told once, by the first of them.
 *
 * @param shown the law whose violation tells it
 * @param more other laws that are broken by the same rows
 * @param traits of which every wrong row of these laws has one, that of the cause first, then those
 *     of other causes that break some of these laws too; none if one law alone is broken
 * @param diagnosis the known fault that gives all answers, if there is one
 */
public record Cause(Law shown, List<Law> more, List<Trait> traits, Optional<Diagnosis> diagnosis) {
  public Cause {
    more = List.copyOf(more);
    traits = List.copyOf(traits);
  }

  /** Which rows are wrong, as {@link Trait#rows} says it, if more than one law is broken. */
  public Optional<String> rows() {
    return traits.stream().map(Trait::rows).reduce((one, other) -> one + " or rows " + other);
  }

  /** The other laws in a sentence without its full stop, if there are any. */
  public Optional<String> others() {
    String names = more.stream().map(Law::label).collect(Collectors.joining(", "));
    String laws = more.size() == 1 ? "1 more law is" : more.size() + " more laws are";
    return rows().map(rows -> "%s broken, only by rows %s: %s".formatted(laws, rows, names));
  }
}

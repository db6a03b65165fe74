package dev.helix.laws;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One cause that broke one law or several. It is reported once, under the first of these laws.
 *
 * @param shown the law under which the cause is reported
 * @param more other laws that are broken by the same rows
 * @param traits traits that explain the wrong rows: every wrong row of these laws has at least one
 *     of them. The trait of this cause comes first, then those of other causes that break some of
 *     these laws too. The list is empty if one law alone is broken.
 * @param diagnosis the known fault that gives all answers, if there is one
 */
public record Cause(Law shown, List<Law> more, List<Trait> traits, Optional<Diagnosis> diagnosis) {
  public Cause {
    more = List.copyOf(more);
    traits = List.copyOf(traits);
  }

  /**
   * Says which rows are wrong, in the words of {@link Trait#rows}; empty if one law alone is
   * broken.
   */
  public Optional<String> rows() {
    if (traits.contains(Trait.ANY)) {
      return Optional.of(Trait.ANY.rows());
    }
    return traits.stream().map(Trait::rows).reduce((one, other) -> one + " or rows " + other);
  }

  /** Names the other broken laws in a sentence without its full stop; empty if there are none. */
  public Optional<String> others() {
    String names = more.stream().map(Law::label).collect(Collectors.joining(", "));
    String laws = more.size() == 1 ? "1 more law is" : more.size() + " more laws are";
    String only = traits.contains(Trait.ANY) ? "" : "only ";
    return rows().map(rows -> "%s broken, %sby rows %s: %s".formatted(laws, only, rows, names));
  }
}

package dev.helix.attention.convention;

/**
 * Where a convention comes from.
 *
 * @param name its name
 * @param date the day on which its source was read, such as {@code 2026-11-28}; empty if it has no
 *     source
 * @param source the files that were read, with their versions; empty for a convention that was put
 *     together from options
 * @param assumed what the source did not say and was assumed; empty if nothing was
 */
public record Origin(String name, String date, String source, String assumed) {
  private static final String CHANGED = ", changed";

  /** A convention that nobody published. */
  public static final Origin OWN = new Origin("own", "", "", "");

  /** The name of the convention of which this one is a change. */
  String unchangedName() {
    return name.endsWith(CHANGED) ? name.substring(0, name.length() - CHANGED.length()) : name;
  }

  /** The origin of a convention of this one with a change. */
  Origin changed() {
    boolean named = !source.isEmpty() && !name.endsWith(CHANGED);
    return named ? new Origin(name + CHANGED, date, source, assumed) : this;
  }
}

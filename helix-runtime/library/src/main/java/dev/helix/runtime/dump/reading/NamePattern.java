package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Coordinates;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of a map for the names of files or tensors: {@code {rank}}, {@code {step}} and {@code
 * {layer}} stand for numbers, {@code *} for any text without a slash, and all else for itself.
 */
final class NamePattern {
  /** The most characters of a pattern. */
  static final int MAX_CHARS = 500;

  private static final int MAX_STARS = 3;
  private static final Pattern PART = Pattern.compile("\\{(rank|step|layer)\\}|\\*");

  private final String text;
  private final Pattern pattern;

  private NamePattern(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /** The pattern of a text; empty if it is too long or has a placeholder twice. */
  static Optional<NamePattern> of(String text) {
    StringBuilder regex = new StringBuilder();
    Matcher part = PART.matcher(text);
    int from = 0;
    int stars = 0;
    while (part.find()) {
      regex.append(Pattern.quote(text.substring(from, part.start())));
      String name = part.group(1);
      if (name == null) {
        stars++;
        regex.append("[^/]*");
      } else if (regex.indexOf("(?<" + name + ">") >= 0) {
        return Optional.empty();
      } else {
        regex.append("(?<").append(name).append(">\\d{1,9})");
      }
      from = part.end();
    }
    regex.append(Pattern.quote(text.substring(from)));
    return text.length() > MAX_CHARS || stars > MAX_STARS
        ? Optional.empty()
        : Optional.of(new NamePattern(text, Pattern.compile(regex.toString())));
  }

  /** What the numbers of a name tell, if the whole name matches. */
  Optional<Coordinates> match(String name) {
    Matcher matcher = pattern.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new Coordinates(
                number(matcher, "rank"), number(matcher, "step"), number(matcher, "layer")))
        : Optional.empty();
  }

  /** A pattern for the end of a path, which begins behind a slash. */
  Optional<Coordinates> matchEnd(String path) {
    int from = -1;
    do {
      Optional<Coordinates> found = match(path.substring(from + 1));
      if (found.isPresent()) {
        return found;
      }
      from = path.indexOf('/', from + 1);
    } while (from >= 0);
    return Optional.empty();
  }

  private OptionalInt number(Matcher matcher, String placeholder) {
    return text.contains("{" + placeholder + "}")
        ? OptionalInt.of(Integer.parseInt(matcher.group(placeholder)))
        : OptionalInt.empty();
  }
}

package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.Coordinates;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers that the names of files and folders tell: {@code run/layer3/rank_2.pt}. */
public final class PathNumbers {
  private static final Pattern RANK = word("(?:dcp_?|cp_?|tp_?)?rank");
  private static final Pattern LAYER = word("layers?(?:_?id)?");
  private static final Pattern STEP = word("(?:step|forward_pass_id|pass)");

  /** Numbers that differ from file to file and tell nothing. */
  private static final Pattern COUNTED = Pattern.compile("(dump_index=|pid|TP)\\d+");

  private PathNumbers() {}

  private static Pattern word(String word) {
    return Pattern.compile(
        "(?:^|[^a-zA-Z])" + word + "[_=.-]?(\\d{1,9})(?=$|[^0-9])", Pattern.CASE_INSENSITIVE);
  }

  /** What a path tells, in which the parts nearest to the file count. */
  public static Coordinates of(String path) {
    return new Coordinates(last(RANK, path), last(STEP, path), last(LAYER, path));
  }

  /** The name as a pattern: {@code rank_2.pt} becomes <code>rank_{rank}.pt</code>. */
  public static String pattern(String name) {
    String pattern = replaced(RANK, name, "{rank}");
    pattern = replaced(STEP, replaced(LAYER, pattern, "{layer}"), "{step}");
    return COUNTED.matcher(pattern).replaceAll("$1*");
  }

  /** A name in which a placeholder stands for the last number of a kind. */
  private static String replaced(Pattern pattern, String name, String placeholder) {
    Matcher matcher = pattern.matcher(name);
    int begin = -1;
    int end = -1;
    while (matcher.find()) {
      begin = matcher.start(1);
      end = matcher.end(1);
    }
    return begin < 0 ? name : name.substring(0, begin) + placeholder + name.substring(end);
  }

  /** A name without the parts that tell numbers, and without what joined them to the rest. */
  static String without(String name) {
    String rest = name;
    for (Pattern pattern : new Pattern[] {RANK, LAYER, STEP}) {
      rest = pattern.matcher(rest).replaceAll("_");
    }
    return rest.replaceAll("^[_.=-]+|[_.=-]+$", "");
  }

  private static OptionalInt last(Pattern pattern, String path) {
    OptionalInt found = OptionalInt.empty();
    Matcher matcher = pattern.matcher(path);
    while (matcher.find()) {
      found = OptionalInt.of(Integer.parseInt(matcher.group(1)));
    }
    return found;
  }
}

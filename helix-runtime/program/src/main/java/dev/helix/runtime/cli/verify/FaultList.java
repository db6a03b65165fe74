package dev.helix.runtime.cli.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of faults that make the same numbers, as lines for a terminal: those whose names begin with
 * the same two words stand together, and these words before them.
 */
final class FaultList {
  private static final int WIDTH = 96;

  private final List<String> lines = new ArrayList<>();

  private FaultList() {}

  /** The lines for some names, in their order. */
  static List<String> lines(List<String> names) {
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    for (String name : names) {
      kinds.computeIfAbsent(kind(name), kind -> new ArrayList<>()).add(name);
    }
    FaultList list = new FaultList();
    kinds.forEach(list::add);
    return List.copyOf(list.lines);
  }

  /** The first two words of a name. */
  private static String kind(String name) {
    int first = name.indexOf(' ');
    int second = name.indexOf(' ', first + 1);
    return second < 0 ? name : name.substring(0, second);
  }

  private void add(String kind, List<String> names) {
    if (names.size() == 1) {
      lines.add("  " + names.get(0));
      return;
    }
    StringBuilder line = new StringBuilder("  " + kind + ": ");
    for (int i = 0; i < names.size(); i++) {
      String rest = names.get(i).substring(kind.length() + 1) + (i + 1 < names.size() ? ";" : "");
      if (i > 0 && line.length() + 1 + rest.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder("    ");
      } else if (i > 0) {
        line.append(' ');
      }
      line.append(rest);
    }
    lines.add(line.toString());
  }
}

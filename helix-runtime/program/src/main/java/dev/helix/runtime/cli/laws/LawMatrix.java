package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.Seam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables of the outcomes of laws, by implementation and law. */
final class LawMatrix {
  /** A mark for each law. */
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#$%&*+=@!^~<>:;";

  private final Map<String, Map<Law, LawOutcome>> rows = new LinkedHashMap<>();
  private final Set<Law> laws = new LinkedHashSet<>();

  void add(String implementation, LawOutcome outcome) {
    rows.computeIfAbsent(implementation, name -> new LinkedHashMap<>()).put(outcome.law(), outcome);
    laws.add(outcome.law());
  }

  List<LawOutcome> outcomes() {
    return rows.values().stream().flatMap(row -> row.values().stream()).toList();
  }

  /** The laws that an implementation broke. */
  List<LawOutcome> broken(String implementation) {
    return rows.get(implementation).values().stream().filter(o -> !o.holds()).toList();
  }

  /**
   * A table for each seam, with laws down and implementations across. An entry is the worst share
   * of the bound, or BROKEN, or says that nothing was compared.
   */
  String shares() {
    return Arrays.stream(Seam.values())
        .map(this::shares)
        .filter(table -> !table.isEmpty())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private String shares(Seam seam) {
    List<Law> here = laws.stream().filter(law -> law.seam() == seam).toList();
    List<String> implementations =
        rows.keySet().stream()
            .filter(name -> here.stream().anyMatch(rows.get(name)::containsKey))
            .toList();
    if (implementations.isEmpty()) {
      return "";
    }
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("law", ""));
    head.addAll(implementations);
    lines.add(head);
    for (Law law : here) {
      List<String> line = new ArrayList<>(List.of(number(law), law.label()));
      implementations.forEach(name -> line.add(share(rows.get(name).get(law))));
      lines.add(line);
    }
    return aligned(lines);
  }

  /** The list of all laws, each with its number, name and sentence. */
  static String list() {
    List<List<String>> lines = new ArrayList<>();
    for (Law law : Law.values()) {
      lines.add(List.of(number(law), law.label(), law.sentence()));
    }
    return aligned(lines);
  }

  /** A table with implementations down and laws across, with an x where a law is broken. */
  String kills() {
    StringBuilder text = new StringBuilder();
    Map<Law, String> letters = new LinkedHashMap<>();
    for (Law law : laws) {
      letters.put(law, LETTERS.substring(letters.size(), letters.size() + 1));
      text.append("  %s %s%n".formatted(letters.get(law), law.label()));
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("", String.join(" ", letters.values())));
    for (Map.Entry<String, Map<Law, LawOutcome>> row : rows.entrySet()) {
      String cells =
          laws.stream()
              .map(law -> row.getValue().get(law))
              .map(outcome -> outcome == null ? " " : mark(outcome))
              .collect(Collectors.joining(" "));
      lines.add(List.of(row.getKey(), cells.stripTrailing()));
    }
    return text.append(System.lineSeparator()).append(aligned(lines)).toString();
  }

  private static String mark(LawOutcome outcome) {
    return outcome.holds() ? outcome.checked() ? "." : "-" : "x";
  }

  private static String number(Law law) {
    return law.number() == 0 ? "" : String.valueOf(law.number());
  }

  private static String share(LawOutcome outcome) {
    if (!outcome.holds()) {
      return "BROKEN";
    }
    if (!outcome.checked()) {
      return "not checked";
    }
    return outcome.worstShare() == 0
        ? "0"
        : String.format(Locale.ROOT, "%.1e", outcome.worstShare());
  }

  private static String aligned(List<List<String>> lines) {
    int columns = lines.get(0).size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).codePointCount(0, line.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = line.get(i);
        row.append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
      }
      text.append(row.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}

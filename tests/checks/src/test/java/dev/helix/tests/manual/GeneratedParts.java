package dev.helix.tests.manual;

import dev.helix.laws.Law;
import dev.helix.laws.Seam;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.runtime.cli.Main;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.validation.Validation;
import dev.helix.tests.stories.FaultOnStories;
import dev.helix.tests.stories.StoryTable;
import dev.helix.tests.stories.StoryTexts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Parts of pages that are made from the code, by the words behind {@code generated:}. */
final class GeneratedParts {
  private GeneratedParts() {}

  /**
   * The part of a name, in Markdown, its last line ended.
   *
   * @param name the kind of the part and, where there are several, which of them: {@code options
   *     decode}
   * @throws IllegalArgumentException if there is no such part
   */
  static String of(String name) {
    String[] words = name.split(" ", 2);
    return switch (words[0]) {
      case "commands" -> commands();
      case "options" -> options(words[1]);
      case "fields" -> fields(words[1]);
      case "laws" -> laws();
      case "families" -> families();
      case "exhibits" -> exhibits();
      case "stories" -> stories();
      case "claims" -> PaperClaims.table();
      case "configurations" -> SweepSizes.table();
      case "conventions" -> ConventionTables.named();
      case "convention-keys" -> ConventionTables.keys();
      case "dump-roles" -> dumpRoles();
      case "format-times" -> FormatTimes.table();
      default -> throw new IllegalArgumentException("nothing is generated as " + name);
    };
  }

  private static String stories() {
    try {
      StoryTable kept = StoryTable.read();
      MarkdownTable table =
          new MarkdownTable(
              "fault",
              "round robin: other texts, stopped",
              "contiguous: other texts, stopped",
              "first example",
              "laws that kill it");
      for (FaultOnStories row : kept.faults()) {
        table.row(
            "`" + row.fault().key() + "`" + (row.verified() ? ", cannot act here" : ""),
            counted(row.roundRobin()),
            counted(row.contiguous()),
            row.roundRobin()
                .example()
                .or(row.contiguous()::example)
                .map(
                    one ->
                        "`%s`: new word %d is \"%s\" in place of \"%s\""
                            .formatted(one.layout(), one.newToken(), one.said(), one.expected()))
                .orElse("none"),
            row.laws().stream().map(GeneratedParts::code).collect(Collectors.joining(", ")));
      }
      return kept.sentence() + "\n\n" + table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String counted(StoryTexts texts) {
    return texts.runs() == 0
        ? "not searched"
        : "%d, %d of %d".formatted(texts.other(), texts.stopped(), texts.runs());
  }

  private static String commands() {
    MarkdownTable table = new MarkdownTable("command", "what it does");
    program()
        .getSubcommands()
        .forEach(
            (name, command) ->
                table.row(code(name), command.getCommandSpec().usageMessage().description()[0]));
    return table.toString();
  }

  /** The options in the order of {@code --help} with the words below them, and the same words. */
  private static String options(String command) {
    CommandLine found = program().getSubcommands().get(command);
    if (found == null) {
      throw new IllegalArgumentException("the program has no command " + command);
    }
    MarkdownTable table = new MarkdownTable("option", "meaning");
    found.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .sorted(Comparator.comparingInt(OptionSpec::order))
        .forEach(
            option -> table.row(code(withValue(option)), String.join(" ", option.description())));
    String below = String.join(" ", found.getCommandSpec().usageMessage().footer());
    return table + (below.isEmpty() ? "" : "\n" + below + "\n");
  }

  private static String withValue(OptionSpec option) {
    boolean takesValue = option.arity().max() > 0;
    return option.longestName() + (takesValue ? " " + option.paramLabel() : "");
  }

  /** The fields of a command's report, from its schema. */
  private static String fields(String command) {
    ReportSchema schema = ReportSchema.of(command);
    MarkdownTable table = new MarkdownTable("field", "value", "meaning");
    schema
        .fields()
        .forEach(
            (path, field) ->
                table.row(code(path), schema.kind(field), field.path("description").asText()));
    return table.toString();
  }

  /** Mean absolute errors of the preset, and which of its promises it keeps. */
  private static String families() {
    MarkdownTable table =
        new MarkdownTable(
            "family", "rows", "checked", "error, fitted", "error, checked", "promised", "");
    for (Validation.Family family : Validation.of(Machine.named("gb200", "silicon")).families()) {
      table.row(
          family.name(),
          String.valueOf(family.rows()),
          String.valueOf(family.checked()),
          percent(family.fitError()),
          percent(family.checkError()),
          String.format(Locale.ROOT, "%.0f%%", 100 * family.limit()),
          family.withinLimit() ? "kept" : "**missed**");
    }
    return table.toString();
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
  }

  private static String dumpRoles() {
    MarkdownTable table = new MarkdownTable("role", "what the tensor is");
    for (Role role : Role.values()) {
      table.row(code(role.toString()), role.meaning());
    }
    return table.toString();
  }

  private static String laws() {
    MarkdownTable table = new MarkdownTable("no.", "law", "held against", "what it says");
    for (Law law : Law.values()) {
      String number = law.number() == 0 ? "" : String.valueOf(law.number());
      table.row(number, code(law.label()), seam(law.seam()), law.sentence());
    }
    return table.toString();
  }

  private static String seam(Seam seam) {
    return switch (seam) {
      case MERGE -> "merge";
      case ATTENTION -> "partial attention";
      case PLACEMENT -> "placement";
      case CACHE -> "cache";
      case ROUTING -> "routing";
      case HEAD -> "head";
      case DECODE -> "decode";
      case STRATEGY -> "strategies";
    };
  }

  private static String exhibits() {
    StringBuilder text = new StringBuilder();
    for (Exhibit exhibit : Museum.exhibits()) {
      text.append(
          "- **%s** (%s). %s Laws: %s.\n"
              .formatted(
                  exhibit.name(), exhibit.seenIn(), escaped(exhibit.story()), killers(exhibit)));
    }
    return text.toString();
  }

  /** Words as they are, also where Markdown would read them as marks. */
  private static String escaped(String words) {
    return words.replaceAll("[*_<\\[\\]]", "\\\\$0");
  }

  private static String killers(Exhibit exhibit) {
    List<Law> killers = exhibit.killers();
    return killers.stream().map(law -> code(law.label())).collect(Collectors.joining(", "));
  }

  /** The program, that says nothing. */
  static CommandLine program() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Main.commands(nowhere, nowhere);
  }

  private static String code(String words) {
    return "`" + words + "`";
  }
}

package dev.helix.tests.manual;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionKey;
import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.NamedConventions;

/** The tables of conventions, from the values themselves. */
final class ConventionTables {
  private ConventionTables() {}

  /** One row for each named convention. */
  static String named() {
    MarkdownTable table =
        new MarkdownTable(
            "name", "parts → sums → answer", "weights", "no tokens", "a call", "source", "assumed");
    for (Convention convention : NamedConventions.all()) {
      Formats formats = convention.formats();
      table.row(
          "`" + convention.origin().name() + "`",
          "%s → %s → %s".formatted(formats.partial(), formats.accumulator(), formats.answer()),
          weights(convention),
          empties(convention),
          call(convention),
          convention.origin().source() + ", read " + convention.origin().date(),
          convention.origin().assumed());
    }
    return table.toString();
  }

  /** One row for each key. */
  static String keys() {
    MarkdownTable table = new MarkdownTable("key", "meaning", "in `own`");
    Convention own = ConventionSpelling.read("own");
    for (ConventionKey key : ConventionKey.values()) {
      table.row("`" + key.label() + "`", key.meaning(), "`" + key.of(own) + "`");
    }
    return table.toString();
  }

  private static String weights(Convention convention) {
    String form = convention.pairs() ? "(max, sum)" : "LSE";
    String given = ConventionKey.BASE.of(convention);
    String answered = ConventionKey.ANSWER_BASE.of(convention);
    String returned = convention.weights().returned() ? ", answered in " + answered : ", none back";
    return "%s in base %s%s".formatted(form, given, returned);
  }

  private static String empties(Convention convention) {
    String where = ConventionKey.EMPTIES.of(convention).replace('-', ' ');
    return where.equals("never")
        ? "never"
        : "%s; LSE %s, output %s"
            .formatted(
                where,
                ConventionKey.EMPTY.of(convention),
                ConventionKey.EMPTY_OUTPUT.of(convention));
  }

  private static String call(Convention convention) {
    Contract contract = convention.contract();
    String weights =
        convention.protocol().renormalises() ? "weights divided by their sum" : "weights by LSE";
    return "%s; %s parts; %s%s"
        .formatted(
            ConventionKey.PROTOCOL.of(convention),
            ConventionKey.SHARDS.of(convention),
            weights,
            contract.values().losesNan() ? "; NaN becomes 0" : "");
  }
}

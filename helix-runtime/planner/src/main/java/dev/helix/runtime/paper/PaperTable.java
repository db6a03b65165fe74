package dev.helix.runtime.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The claims and their readings as text. */
public final class PaperTable {
  /** Shares of the baseline's best tokens/s/user at which curves are compared. */
  static final List<Double> SHARES = List.of(1.0, 0.99, 0.9, 0.8, 0.6, 0.4, 0.2);

  private PaperTable() {}

  /** Claim, published, ours and ratio, in the reading that the aim binds. */
  public static String claims(List<ModelStudy> studies) {
    StringBuilder text =
        new StringBuilder(
            line("%-12s %-60s %9s %7s %6s", "model", "claim", "published", "ours", "ratio"));
    for (ModelStudy study : studies) {
      for (Claim claim : Claim.values()) {
        if (claim.model().equals(study.model())) {
          text.append(claim(claim, study.binding()));
        }
      }
    }
    for (ModelStudy study : studies) {
      text.append(hopB(study));
    }
    return text.toString();
  }

  private static String claim(Claim claim, Comparison comparison) {
    OptionalDouble ours = claim.of(comparison);
    double ratio = ours.orElse(0) / claim.published();
    String verdict =
        Math.abs(ratio - 1) <= Claim.AIM ? "within 10%" : "NOT within 10%: " + off(ratio);
    return line(
        "%-12s %-60s %9s %7.3f %6.3f  %s",
        claim.model(), claim, factor(claim.published()), ours.orElse(0), ratio, verdict);
  }

  private static String hopB(ModelStudy study) {
    HopBLoss loss = HopBLoss.of(study);
    String layout =
        "at most %.1f%% at the same layout and batch".formatted(100 * loss.atEqualLayout());
    return line(
        "%-12s %-60s %9s %7.3f %6.2f  %s; %s",
        study.model(),
        "share of tokens/s/user lost without HOP-B, at most",
        factor(loss.published()),
        loss.ours(),
        loss.ratio(),
        loss.isReproduced() ? "within 10%" : "NOT reproduced",
        layout);
  }

  private static String off(double ratio) {
    return String.format(Locale.ROOT, "%+.1f%%", 100 * (ratio - 1));
  }

  private static String factor(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
  }

  /** Every reading of one model, each with the whole curve. */
  public static String readings(ModelStudy study) {
    StringBuilder text = new StringBuilder(head(study.model() + ": Helix against"));
    for (boolean groups : new boolean[] {false, true}) {
      List<Reading> readings = Reading.byBaseline(study, groups);
      text.append(readings.get(0).helix()).append('\n');
      readings.forEach(own -> text.append(row("  " + own.baseline(), own.comparison())));
    }
    Reading.byOverlap(study)
        .forEach(own -> text.append(row(own.helix() + ", " + own.baseline(), own.comparison())));
    return text + atBatches(study);
  }

  private static String atBatches(ModelStudy study) {
    Comparison binding = study.binding();
    return binding
        .most()
        .map(
            most ->
                line(
                    "TTL at an equal batch, where both frontiers have it: from %.2f (B = %d) to"
                        + " %.2f (B = %d)",
                    binding.least().orElseThrow().ratio(),
                    binding.least().orElseThrow().batch(),
                    most.ratio(),
                    most.batch()))
        .orElse("TTL at an equal batch: no batch stands on both frontiers\n");
  }

  /** The table of changes for one model. */
  public static String sensitivity(ModelStudy study, List<Sensitivity.Row> rows) {
    StringBuilder text = new StringBuilder(head(study.model() + ": Helix against TP with"));
    rows.forEach(row -> text.append(row(row.change(), row.comparison())));
    return text.toString();
  }

  private static String head(String what) {
    List<String> shares = new ArrayList<>();
    SHARES.forEach(share -> shares.add("%6.0f%%".formatted(100 * share)));
    return line(
        "%-64s %6s %6s  tokens/s/GPU at a share of the baseline's best tokens/s/user%n%-64s %6s %6s"
            + " %s",
        what, "user", "batch", "", "", "", String.join("", shares));
  }

  private static String row(String name, Comparison comparison) {
    if (comparison.helix().isEmpty() || comparison.baseline().isEmpty()) {
      return line("%-64s nothing fits", name);
    }
    StringBuilder shares = new StringBuilder();
    for (double share : SHARES) {
      shares.append(number("%7.2f", comparison.throughputAt(share)));
    }
    return line(
        "%-64s %6.3f%s %s",
        name, comparison.interactivity(), number("%7.1f", comparison.batchAtEqualTtl()), shares);
  }

  private static String number(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "      -";
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).replace("\r", "").stripTrailing() + "\n";
  }
}

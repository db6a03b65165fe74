package dev.helix.tests.manual;

import dev.helix.runtime.paper.Claim;
import dev.helix.runtime.paper.ModelStudy;
import java.util.Locale;

/**
 * The table of the paper's claims. Helix is compared with TP alone, which takes seconds: the other
 * rivals of the binding reading do not reach TP's best TTL, at which all claims are held.
 */
final class PaperClaims {
  private PaperClaims() {}

  static String table() {
    MarkdownTable table = new MarkdownTable("model", "claim", "published", "ours", "ratio");
    for (String model : ModelStudy.MODELS) {
      ModelStudy study = ModelStudy.againstTp(model);
      for (Claim claim : Claim.values()) {
        if (claim.model().equals(model)) {
          double ours = claim.of(study.binding()).orElseThrow();
          table.row(
              model,
              claim.toString(),
              number("%.2f", claim.published()),
              number("%.3f", ours),
              number("%.3f", ours / claim.published()));
        }
      }
    }
    return table.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}

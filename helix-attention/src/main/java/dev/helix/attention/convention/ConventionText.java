package dev.helix.attention.convention;

import dev.helix.attention.convention.Layout.Padding;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.stream.Collectors;

/** A convention in words. */
final class ConventionText {
  private static final int WIDTH = 98;
  private static final int INDENT = 12;

  private final Convention convention;
  private final StringBuilder text = new StringBuilder();

  ConventionText(Convention convention) {
    this.convention = convention;
  }

  String text() {
    Origin origin = convention.origin();
    line("convention", origin.name() + (origin.date().isEmpty() ? "" : ", read " + origin.date()));
    line("source", origin.source().isEmpty() ? "none; it was put together" : origin.source());
    if (!origin.assumed().isEmpty()) {
      line("assumed", origin.assumed());
    }
    line("formats", formats());
    line("weights", weights());
    line("no tokens", marks());
    if (convention.contract().empties().occurrence() != Empties.Occurrence.NEVER) {
      line("", empties());
    }
    line("calls", calls());
    line("arrays", layout());
    line("protocol", protocol());
    line("rounding", rounding());
    return text.toString();
  }

  private String formats() {
    Formats formats = convention.formats();
    String given =
        "partial outputs are %s, weights %s; a factor is rounded to %s, products and sums to %s,"
            + " and the answer is cast to %s";
    return given.formatted(
        name(formats.partial()),
        name(formats.lse()),
        name(formats.factor()),
        name(formats.accumulator()),
        name(formats.answer()));
  }

  private String weights() {
    Weights weights = convention.weights();
    String given =
        convention.pairs()
            ? "a part carries (max, sum), the max in units of base "
            : "a part carries its log-sum-exp in base ";
    String answered =
        weights.returned()
            ? "; the merged LSE is returned in base " + name(weights.answered())
            : "; no merged LSE is returned";
    return given + name(weights.given()) + answered;
  }

  private String marks() {
    Marks marks = convention.marks();
    if (convention.contract().empties().occurrence() == Empties.Occurrence.NEVER) {
      return "each part has tokens";
    }
    String given =
        marks.byLength()
            ? "a length of 0 tells that a part has no tokens; its LSE may be %s"
            : "a part without tokens has LSE %s";
    String more =
        marks.read().equals(marks.given())
            ? ""
            : "; %s may be taken for it".formatted(names(marks.read()));
    String returned =
        convention.weights().returned()
            ? "; a merged row without tokens has LSE " + names(marks.returned())
            : "";
    return given.formatted(names(marks.given())) + more + returned;
  }

  private String empties() {
    Empties empties = convention.contract().empties();
    return switch (empties.occurrence()) {
      case NEVER -> "";
      case NOT_IN_ALL_SHARDS ->
          "its output holds %s; of each row, at least one part has tokens"
              .formatted(name(empties.given()));
      case ANYWHERE ->
          "its output holds %s; a row without tokens in any part is given, and its output becomes %s"
              .formatted(name(empties.given()), name(empties.answered()));
    };
  }

  private String calls() {
    Contract contract = convention.contract();
    String most =
        contract.mostShards() == Integer.MAX_VALUE
            ? "any number of parts from %d on".formatted(contract.leastShards())
            : contract.mostShards() == contract.leastShards()
                ? "exactly %d parts".formatted(contract.leastShards())
                : "%d to %d parts".formatted(contract.leastShards(), contract.mostShards());
    String lses =
        Double.isInfinite(contract.largestLse())
            ? ""
            : "; LSEs up to %.0f in magnitude".formatted(contract.largestLse());
    String nan =
        contract.values().losesNan()
            ? "; NaN among values may become 0"
            : "; NaN among values that have weight is reported";
    String bypass =
        contract.values().bypasses()
            ? "; tokens behind a given number are copied from the last part"
            : "";
    String one =
        contract.values().copiesOne() && contract.leastShards() == 1
            ? "; one part alone comes back bit for bit"
            : "";
    return "a call merges " + most + lses + nan + bypass + one;
  }

  private String layout() {
    Layout layout = convention.layout();
    String weights =
        switch (layout.packing()) {
          case SEPARATE ->
              convention.pairs()
                  ? "maxima and sums [%s]".formatted(axes(layout.lses()))
                  : "LSEs [%s]".formatted(axes(layout.lses()));
          case PAIRS -> "pairs [%s, 2]".formatted(axes(layout.lses()));
          case BEHIND_OUTPUT -> "the bits of each LSE behind its output, in the output's format";
        };
    Padding padding = layout.padding();
    String padded =
        padding.equals(Padding.NONE)
            ? ""
            : "; %d more heads and %d more components hold anything"
                .formatted(padding.heads(), padding.components());
    return "outputs [%s, dim], %s%s".formatted(axes(layout.outputs()), weights, padded);
  }

  private String axes(AxisOrder order) {
    boolean tokensFirst = order == AxisOrder.TOKENS_FIRST;
    String outer = tokensFirst ? "tokens" : "heads";
    String inner = tokensFirst ? "heads" : "tokens";
    return switch (convention.layout().shards()) {
      case FIRST -> "shards, %s, %s".formatted(outer, inner);
      case SECOND -> "%s, shards, %s".formatted(outer, inner);
      case THIRD -> "%s, %s, shards".formatted(outer, inner);
    };
  }

  private String protocol() {
    Protocol protocol = convention.protocol();
    String exchange =
        switch (protocol.exchange()) {
          case UNSTATED -> "not stated: any careful merge";
          case ONE_KERNEL -> "one kernel reads all parts";
          case ALL_TO_ALL -> "an all-to-all brings each rank all parts of its heads";
          case SCALE_AND_REDUCE ->
              "LSEs are gathered, each rank scales its own part, and a collective sums";
          case RING -> "a running pair is merged with one part after the other";
        };
    String order =
        protocol.order() == Protocol.SumOrder.ANY ? "in any order" : "in the order of the shards";
    return "%s; sums are taken %s".formatted(exchange, order);
  }

  private String rounding() {
    Protocol protocol = convention.protocol();
    String weights =
        protocol.renormalises()
            ? "weights are divided by their own sum"
            : "a part has the weight exp(LSE_i - LSE), whose LSE was rounded";
    String folds =
        protocol.folds()
            ? "parts may be merged through rounded pairs (O, LSE)"
            : "parts are merged at once";
    String subnormal =
        convention.roundings().flushesSubnormals() ? "; subnormal numbers may become 0" : "";
    return "%s; %s; exp and log are off by at most %s ulp%s"
        .formatted(weights, folds, number(convention.functionUlps()), subnormal);
  }

  private void line(String label, String sentence) {
    StringBuilder line = new StringBuilder(("%-" + INDENT + "s").formatted(label));
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH && line.length() > INDENT) {
        text.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(" ".repeat(INDENT));
      }
      line.append(word).append(' ');
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String name(DType format) {
    return switch (format) {
      case F64 -> "FP64";
      case F32 -> "FP32";
      case F16 -> "FP16";
      default -> format.name();
    };
  }

  private static String name(LogBase base) {
    return base == LogBase.E ? "e" : "2";
  }

  private static String name(Empties.Content content) {
    return switch (content) {
      case ZERO -> "0";
      case FINITE -> "any finite number";
      case ANYTHING -> "anything, NaN too";
    };
  }

  private static String names(List<Double> marks) {
    return marks.stream().map(ConventionText::number).collect(Collectors.joining(" or "));
  }

  private static String number(double mark) {
    if (Double.isInfinite(mark)) {
      return mark < 0 ? "-inf" : "+inf";
    }
    return mark == Math.rint(mark) && Math.abs(mark) < 1e6
        ? String.valueOf((long) mark)
        : String.valueOf(mark);
  }
}

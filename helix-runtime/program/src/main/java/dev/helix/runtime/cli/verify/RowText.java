package dev.helix.runtime.cli.verify;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.stages.MergedRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The merge of one row as numbers, shard by shard, on one screen. */
final class RowText {
  private final DumpedStep dumped;
  private final ShardedStep step;
  private final Convention convention;
  private final int token;
  private final int head;
  private final List<String> lines = new ArrayList<>();

  /**
   * A row.
   *
   * @param head counted over the whole group
   */
  RowText(DumpedStep dumped, int token, int head) {
    this.dumped = dumped;
    this.step = dumped.step();
    this.convention = step.facts().forms().convention();
    this.token = token;
    this.head = head;
  }

  /**
   * The lines.
   *
   * @param marked the rank whose line gets a mark; −1 for none
   * @param component the component of the output that is summed; −1 for the one of the largest
   *     magnitude
   */
  List<String> lines(int marked, int component) {
    MergedRow row = MergedRow.of(step, token, head);
    say(
        "%s, request %d, query token %d%s, head %d, which rank %d merges; LSEs in base %s",
        dumped.moment(),
        step.facts().tokens().get(token).request(),
        token,
        inRequest(),
        head,
        row.owner() + dumped.firstRank(),
        convention.base() == LogBase.TWO ? "2" : "e");
    say("");
    states(row, marked);
    say("");
    merge(row, marked, component >= 0 ? component : largest(row));
    return List.copyOf(lines);
  }

  /** The place among the request's own query tokens, where it has several. */
  private String inRequest() {
    int[] own = step.facts().queryTokens(step.facts().tokens().get(token).request());
    int place = Arrays.binarySearch(own, token);
    return own.length == 1 ? "" : " of the batch (--token %d)".formatted(place);
  }

  private void states(MergedRow row, int marked) {
    boolean known = step.hasCaches() && step.has(StepTensor.QUERY);
    String lses = MergedRow.isReceived(step) ? "LSE, received" : "LSE, dumped";
    say(
        known
            ? "  rank  tokens  max score m   sum l       LSE, expected%15s   off by / bound"
            : "  rank  %s",
        lses);
    LocalReading reading = LocalReading.of(step.facts());
    PartialReference reference = new PartialReference(step.facts(), read -> {});
    for (RankStep rank : step.ranks()) {
      String name = name(rank.rank(), marked);
      double lse = row.lses()[rank.rank()];
      if (!known) {
        say("%s  %s", name, number(lse));
        continue;
      }
      RowStates states = reference.of(rank, reading, wanted -> wanted == token);
      int at = token * step.facts().shape().heads() + head;
      int tokens = reading.tokens().range(rank.rank(), step.facts().tokens().get(token)).count();
      double expected = convention.base().fromNatural(states.lse(at));
      double bound = states.lseBound(at) / convention.base().nats();
      boolean empty = states.isEmpty(at);
      say(
          "%s  %6d  %11s  %10s  %14s  %14s   %s",
          name,
          tokens,
          number(states.largestScore(at)),
          empty ? "0" : number(Math.exp(states.lse(at) - states.largestScore(at))),
          number(expected),
          number(lse),
          empty ? "" : "%.2g".formatted(Math.abs(lse - expected) / bound));
    }
    row.sent()
        .ifPresent(
            sent -> {
              for (int rank = 0; rank < sent.length; rank++) {
                if (Double.compare(sent[rank], row.lses()[rank]) != 0) {
                  say(
                      "rank %d has dumped %s as its own LSE, and that is not what rank %d received",
                      rank + dumped.firstRank(),
                      number(sent[rank]),
                      row.owner() + dumped.firstRank());
                }
              }
            });
  }

  private void merge(MergedRow row, int marked, int component) {
    Formats formats = convention.formats();
    say(
        "output[%d]: weights and sums in double, and below each in %s, added in %s",
        component, formats.factor(), formats.accumulator());
    say("  rank  weight w             output           w·output              running sum");
    boolean divides = convention.protocol().renormalises();
    // Where the convention divides each weight before it sums, so does the line in double.
    double divisor = divides ? 1 : row.sumOfWeights(convention);
    double sum = 0;
    double total = 0;
    double roundedSum = 0;
    double roundedTotal = 0;
    for (int rank = 0; rank < row.lses().length; rank++) {
      double weight = row.weight(convention, rank) / divisor;
      double rounded = formats.factor().round(formats.lse().round(share(row, rank, weight)));
      // A part without weight is left out, whatever its output holds.
      double output = weight == 0 ? 0 : row.outputs()[rank][component];
      double part = formats.accumulator().round(rounded * output);
      sum += weight;
      total += weight * output;
      roundedSum = formats.lse().round(roundedSum + rounded);
      roundedTotal = formats.accumulator().round(roundedTotal + part);
      say(
          "%s  %-18s  %-15s  %-20s  %s",
          name(rank, marked),
          number(weight),
          number(row.outputs()[rank][component]),
          number(weight * output),
          number(total));
      say(
          "        %-18s  %-15s  %-20s  %s",
          number(rounded), "", number(part), number(roundedTotal));
    }
    double answer = formats.answer().round(divides ? roundedTotal / roundedSum : roundedTotal);
    say(
        divides
            ? "   sum  %s, and in %s %s"
            : "   sum  %s, and of the rounded weights, added in %s and not divided by, %s",
        number(sum),
        formats.lse(),
        number(roundedSum));
    say(
        "merged: %s in double, %s in %s%s",
        number(total / sum),
        number(answer),
        formats.answer(),
        row.merged(component).isPresent()
            ? ", dumped " + number(row.merged(component).getAsDouble())
            : "");
  }

  /** The factor of a part: relative to the greatest, or to the rounded merged log-sum-exp. */
  private double share(MergedRow row, int rank, double weight) {
    if (convention.protocol().renormalises() || weight == 0) {
      return weight;
    }
    double nats = convention.base().nats();
    double logOfSum = Math.log(row.sumOfWeights(convention)) / nats;
    double whole = convention.formats().lse().round(row.greatest() + logOfSum);
    return Math.exp((row.lses()[rank] - whole) * nats);
  }

  private int largest(MergedRow row) {
    int largest = 0;
    for (int i = 0; i < row.merged().length; i++) {
      if (Math.abs(row.merged()[i]) > Math.abs(row.merged()[largest])) {
        largest = i;
      }
    }
    return largest;
  }

  private String name(int rank, int marked) {
    return "%s %4d".formatted(rank == marked ? ">" : " ", rank + dumped.firstRank());
  }

  private void say(String format, Object... arguments) {
    lines.add(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }

  private static String number(double x) {
    return x == 0
        ? "0"
        : Double.isInfinite(x) ? (x > 0 ? "∞" : "−∞") : String.format(Locale.ROOT, "%.8g", x);
  }
}

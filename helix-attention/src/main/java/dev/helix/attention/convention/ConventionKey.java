package dev.helix.attention.convention;

import dev.helix.attention.convention.Layout.Padding;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A declaration of a convention as text, so that options, files and other languages can change it:
 * {@code base=2}.
 */
@SuppressWarnings("ImmutableEnumChecker") // Functions that keep no state.
public enum ConventionKey {
  FORMAT(
      "format of outputs: fp64, fp32, bf16 or fp16, the last two with LSEs in fp32",
      convention -> lower(convention.precision()),
      (convention, text) ->
          convention.with(
              convention.roundings().in(convention.formats().in(oneOf(Precision.class, text))))),
  PARTIALS(
      "format of partial outputs, if it is another",
      convention -> name(convention.formats().partial()),
      (convention, text) -> with(convention, convention.formats().withPartial(format(text)))),
  FACTORS(
      "format to which factors are rounded",
      convention -> name(convention.formats().factor()),
      (convention, text) -> with(convention, convention.formats().withFactor(format(text)))),
  SUMS(
      "format of weighted outputs and their sums",
      convention -> name(convention.formats().accumulator()),
      (convention, text) -> with(convention, convention.formats().summedIn(format(text)))),
  PROTOCOL(
      "how parts come together: unstated, one-kernel, all-to-all, scale-and-reduce or ring",
      convention -> lower(convention.protocol().exchange()),
      (convention, text) ->
          convention.under(
              switch (oneOf(Protocol.Exchange.class, text)) {
                case UNSTATED -> Protocol.UNSTATED;
                case ONE_KERNEL -> Protocol.ONE_KERNEL;
                case ALL_TO_ALL -> Protocol.ALL_TO_ALL;
                case SCALE_AND_REDUCE -> Protocol.SCALE_AND_REDUCE;
                case RING -> Protocol.RING;
              })),
  RENORMALISES(
      "whether weights are divided by their own sum: yes or no",
      convention -> name(convention.protocol().renormalises()),
      (convention, text) -> convention.under(convention.protocol().renormalising(yes(text)))),
  FOLDS(
      "whether parts may be merged through rounded pairs: yes or no",
      convention -> name(convention.protocol().folds()),
      (convention, text) -> convention.under(convention.protocol().folding(yes(text)))),
  FUNCTION_ULPS(
      "how far exp and log may be off, in ulps",
      convention -> number(convention.functionUlps()),
      (convention, text) -> convention.functionUlps(number(text))),
  FLUSH(
      "whether subnormal numbers may become 0: yes or no",
      convention -> name(convention.roundings().flushesSubnormals()),
      (convention, text) -> convention.with(convention.roundings().flushing(yes(text)))),
  WEIGHTS(
      "what a part carries: lse or max-sum",
      convention -> lower(convention.weights().form()),
      (convention, text) -> convention.carrying(oneOf(WeightForm.class, text))),
  BASE(
      "base of LSEs and of maxima: e or 2",
      convention -> name(convention.base()),
      (convention, text) -> convention.with(convention.weights().in(base(text)))),
  ANSWER_BASE(
      "base of merged LSEs, if it is another",
      convention -> name(convention.weights().answered()),
      (convention, text) -> convention.with(convention.weights().answeredIn(base(text)))),
  LSE(
      "whether a merged LSE is returned: yes or no",
      convention -> name(convention.weights().returned()),
      (convention, text) -> convention.with(convention.weights().returning(yes(text)))),
  EMPTIES(
      "parts without tokens are given: anywhere, not-in-all-shards or never",
      convention -> lower(convention.contract().empties().occurrence()),
      (convention, text) ->
          with(
              convention,
              convention.contract().empties().occurring(oneOf(Empties.Occurrence.class, text)))),
  LENGTHS(
      "whether a length tells which parts have no tokens: yes or no",
      convention -> name(convention.marks().byLength()),
      (convention, text) ->
          convention.with(convention.weights().marked(convention.marks().byLength(yes(text))))),
  EMPTY(
      "LSEs of parts without tokens, such as -inf or -inf/nan, each of which occurs; merged rows"
          + " without tokens have one of them",
      convention -> marks(convention.marks().given()),
      (convention, text) -> convention.emptyAs(marks(text))),
  EMPTY_READ(
      "LSEs that may be taken for those of parts without tokens, likewise",
      convention -> marks(convention.marks().read()),
      (convention, text) ->
          convention.with(
              convention.weights().marked(convention.marks().readingAlso(marks(text))))),
  EMPTY_ANSWER(
      "LSEs of merged rows without tokens, if they are others",
      convention -> marks(convention.marks().returned()),
      (convention, text) ->
          convention.with(convention.weights().marked(convention.marks().returning(marks(text))))),
  EMPTY_OUTPUT(
      "what the output of a part without tokens holds: zero, finite or anything",
      convention -> lower(convention.contract().empties().given()),
      (convention, text) ->
          with(
              convention,
              convention.contract().empties().holding(oneOf(Empties.Content.class, text)))),
  EMPTY_ROW(
      "what the merged output of a row without tokens becomes: zero, finite or anything",
      convention -> lower(convention.contract().empties().answered()),
      (convention, text) ->
          with(
              convention,
              convention.contract().empties().answering(oneOf(Empties.Content.class, text)))),
  SHARDS(
      "number of parts in a call, such as 2, 1-160 or 2-any",
      convention -> shards(convention.contract()),
      (convention, text) -> convention.with(shards(convention.contract(), text))),
  ONE_PART(
      "whether a single part that needs no other format or base comes back bit for bit: yes or no",
      convention -> name(convention.contract().values().copiesOne()),
      (convention, text) -> convention.with(convention.contract().copyingOne(yes(text)))),
  LARGEST_LSE(
      "magnitude of LSEs that none exceeds, or any; laws ask up to 250000, so that a limit beyond"
          + " it below which a program takes parts for empty ones is not seen",
      convention -> largest(convention.contract().largestLse()),
      (convention, text) ->
          convention.with(
              convention
                  .contract()
                  .lsesUpTo(text.equals("any") ? Double.POSITIVE_INFINITY : number(text)))),
  NAN(
      "what becomes of NaN among values: reported or lost",
      convention -> convention.contract().values().losesNan() ? "lost" : "reported",
      (convention, text) ->
          convention.with(convention.contract().losingNan(isOf(text, "lost", "reported")))),
  BYPASS(
      "whether tokens behind a given number are copied from the last part: yes or no",
      convention -> name(convention.contract().values().bypasses()),
      (convention, text) -> convention.with(convention.contract().bypassing(yes(text)))),
  ORDER(
      "the outer axis of all arrays: tokens-first or heads-first",
      convention -> lower(convention.layout().outputs()),
      (convention, text) ->
          convention.with(convention.layout().ordered(oneOf(AxisOrder.class, text)))),
  LSE_ORDER(
      "the outer axis of LSEs, if it is another",
      convention -> lower(convention.layout().lses()),
      (convention, text) ->
          convention.with(convention.layout().lsesOrdered(oneOf(AxisOrder.class, text)))),
  SHARD_AXIS(
      "the place of the axis of shards: first, second or third",
      convention -> lower(convention.layout().shards()),
      (convention, text) ->
          convention.with(convention.layout().shards(oneOf(Layout.ShardAxis.class, text)))),
  PACKING(
      "how weights lie: separate, behind-output or pairs",
      convention -> lower(convention.layout().packing()),
      (convention, text) ->
          convention.with(convention.layout().packed(oneOf(Layout.Packing.class, text)))),
  PAD_HEADS(
      "number of heads behind the real ones, which hold NaN",
      convention -> String.valueOf(convention.layout().padding().heads()),
      (convention, text) ->
          convention.with(
              convention
                  .layout()
                  .padded(new Padding(count(text), convention.layout().padding().components())))),
  PAD_DIM(
      "number of components behind the real ones, likewise",
      convention -> String.valueOf(convention.layout().padding().components()),
      (convention, text) ->
          convention.with(
              convention
                  .layout()
                  .padded(new Padding(convention.layout().padding().heads(), count(text)))));

  private static final int MOST_PADDING = 64;
  private static final String EXPECTED = "expected ";

  private final String meaning;
  private final Function<Convention, String> value;
  private final BiFunction<Convention, String, Convention> change;

  ConventionKey(
      String meaning,
      Function<Convention, String> value,
      BiFunction<Convention, String, Convention> change) {
    this.meaning = meaning;
    this.value = value;
    this.change = change;
  }

  /** The key as it is written, such as {@code answer-base}. */
  public String label() {
    return lower(this);
  }

  /** What the key says, and which values it has. */
  public String meaning() {
    return meaning;
  }

  /** The value that a convention has under this key. */
  public String of(Convention convention) {
    return value.apply(convention);
  }

  /**
   * The convention with another value under this key.
   *
   * @throws InvalidInputException in one line, if the key has no such value or if the value
   *     contradicts another one
   */
  public Convention changed(Convention convention, String text) {
    try {
      return change.apply(convention, text);
    } catch (InvalidInputException e) {
      boolean wanted = e.getMessage().startsWith(EXPECTED);
      throw wanted ? new InvalidInputException("%s, got '%s'".formatted(e.getMessage(), text)) : e;
    }
  }

  private static Convention with(Convention convention, Formats formats) {
    return convention.with(convention.roundings().in(formats));
  }

  private static Convention with(Convention convention, Empties empties) {
    return convention.with(convention.contract().with(empties));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
    E[] all = type.getEnumConstants();
    return Arrays.stream(all)
        .filter(one -> lower(one).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                expected(
                    Arrays.stream(all)
                        .map(ConventionKey::lower)
                        .collect(Collectors.joining(", "))));
  }

  private static InvalidInputException expected(String what) {
    return new InvalidInputException(EXPECTED + what);
  }

  private static String name(boolean yes) {
    return yes ? "yes" : "no";
  }

  private static boolean yes(String text) {
    return isOf(text, "yes", "no");
  }

  private static boolean isOf(String text, String yes, String no) {
    if (!text.equals(yes) && !text.equals(no)) {
      throw expected(yes + " or " + no);
    }
    return text.equals(yes);
  }

  private static String name(LogBase base) {
    return base == LogBase.E ? "e" : "2";
  }

  private static LogBase base(String text) {
    return isOf(text, "e", "2") ? LogBase.E : LogBase.TWO;
  }

  private static String name(DType format) {
    return format == DType.BF16 ? "bf16" : "fp" + format.bits();
  }

  private static DType format(String text) {
    return oneOf(Precision.class, text).output();
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  private static double number(String text) {
    try {
      double number = Double.parseDouble(text);
      if (number >= 0.5 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The error is thrown below, as for a number that is too small.
    }
    throw expected("a number of at least 0.5");
  }

  private static int count(String text) {
    if (!text.matches("\\d{1,2}") || Integer.parseInt(text) > MOST_PADDING) {
      throw expected("0 to " + MOST_PADDING);
    }
    return Integer.parseInt(text);
  }

  private static String largest(double magnitude) {
    return Double.isInfinite(magnitude) ? "any" : number(magnitude);
  }

  private static String shards(Contract contract) {
    int most = contract.mostShards();
    return most == contract.leastShards()
        ? String.valueOf(most)
        : contract.leastShards() + "-" + (most == Integer.MAX_VALUE ? "any" : most);
  }

  private static Contract shards(Contract contract, String text) {
    if (!text.matches("\\d{1,6}(-(\\d{1,6}|any))?")) {
      throw expected("a number such as 2, or a range such as 1-160 or 2-any");
    }
    String[] ends = text.split("-", -1);
    String most = ends[ends.length - 1];
    return contract.shards(
        Integer.parseInt(ends[0]), most.equals("any") ? Integer.MAX_VALUE : Integer.parseInt(most));
  }

  private static String marks(List<Double> marks) {
    return marks.stream().map(ConventionKey::mark).collect(Collectors.joining("/"));
  }

  private static String mark(double mark) {
    if (Double.isNaN(mark)) {
      return "nan";
    }
    return Double.isInfinite(mark) ? (mark < 0 ? "-inf" : "inf") : String.valueOf(mark);
  }

  private static double[] marks(String text) {
    return Arrays.stream(text.split("/", -1)).mapToDouble(ConventionKey::marked).toArray();
  }

  private static double marked(String text) {
    return switch (text) {
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> finite(text);
    };
  }

  private static double finite(String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The error is thrown below, as for NaN.
    }
    throw expected("-inf, inf, nan or a number, or several with a slash between them");
  }
}

package dev.helix.attention.convention;

import dev.helix.attention.convention.Layout.Packing;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;

/**
 * How an implementation represents partial states, what it promises about them, and how it rounds.
 * Conventions of serving systems are in {@link NamedConventions}.
 *
 * @param origin its name and its source
 * @param roundings the number formats, the protocol, and the accuracy of exp and log
 * @param weights log-sum-exps or (max, sum) pairs, their bases, and the marks of parts without
 *     tokens
 * @param contract what callers promise
 * @param layout how the arrays lie in memory
 */
public record Convention(
    Origin origin, Roundings roundings, Weights weights, Contract contract, Layout layout) {
  /**
   * Checks that the declarations fit each other, and rounds marks to the format of log-sum-exps.
   *
   * @throws InvalidInputException naming the first two declarations that contradict each other
   */
  public Convention {
    Formats formats = roundings.formats();
    boolean pairs = weights.form() == WeightForm.MAX_SUM;
    boolean never = contract.empties().occurrence() == Empties.Occurrence.NEVER;
    require(
        pairs || layout.packing() != Packing.PAIRS,
        "weights lie side by side as pairs, but they are log-sum-exps and no (max, sum) pairs");
    require(
        !pairs || layout.packing() != Packing.BEHIND_OUTPUT,
        "weights lie behind the outputs, where (max, sum) pairs have no place");
    require(
        layout.packing() != Packing.BEHIND_OUTPUT
            || (formats.lse() == DType.F32 && formats.partial() != DType.F64),
        "only FP32 log-sum-exps are packed behind outputs, which are FP32, BF16 or FP16");
    require(
        !(never && weights.marks().byLength()),
        "a length tells which parts have no tokens, but such parts are never given");
    require(
        roundings.protocol().exchange() != Protocol.Exchange.RING
            || weights.form() == WeightForm.LSE,
        "a ring carries log-sum-exps and no (max, sum) pairs");
    weights = weights.marked(weights.marks().rounded(formats.lse()));
  }

  private static void require(boolean fits, String contradiction) {
    if (!fits) {
      throw new InvalidInputException(contradiction);
    }
  }

  /** The convention with natural logarithms, tokens first, and −∞ for a part without tokens. */
  public static Convention of(Precision precision) {
    return new Convention(
        Origin.OWN,
        Roundings.of(precision),
        Weights.of(LogBase.E),
        Contract.ANY,
        Layout.TOKENS_FIRST);
  }

  /** This convention with other roundings. */
  public Convention with(Roundings others) {
    return new Convention(origin.changed(), others, weights, contract, layout);
  }

  /** This convention with weights of another form, base or mark. */
  public Convention with(Weights others) {
    return new Convention(origin.changed(), roundings, others, contract, layout);
  }

  /** This convention with another contract. */
  public Convention with(Contract other) {
    return new Convention(origin.changed(), roundings, weights, other, layout);
  }

  /** This convention with another layout. */
  public Convention with(Layout other) {
    return new Convention(origin.changed(), roundings, weights, contract, other);
  }

  /** This convention with log-sum-exps in base 2. */
  public Convention base2() {
    return with(weights.in(LogBase.TWO));
  }

  /** This convention with heads before tokens in all arrays. */
  public Convention headsFirst() {
    return with(layout.ordered(AxisOrder.HEADS_FIRST));
  }

  /**
   * This convention with other marks of parts without tokens, such as +∞ or −1e30.
   *
   * @throws InvalidInputException if a mark could be the log-sum-exp of a part with tokens, or if
   *     parts without tokens are never given
   */
  public Convention emptyAs(double... marks) {
    require(
        contract.empties().occurrence() != Empties.Occurrence.NEVER,
        "a mark of parts without tokens is declared, but " + origin.name() + " never gives any");
    return with(weights.marked(Marks.of(marks().byLength(), marks)));
  }

  /** This convention with (max, sum) pairs in place of log-sum-exps. */
  public Convention maxSum() {
    return with(weights.as(WeightForm.MAX_SUM));
  }

  /** This convention with weights of a form; pairs no longer lie side by side if there are none. */
  public Convention carrying(WeightForm form) {
    boolean apart = form == WeightForm.LSE && layout.packing() == Packing.PAIRS;
    Layout fitting = apart ? layout.packed(Packing.SEPARATE) : layout;
    return new Convention(origin.changed(), roundings, weights.as(form), contract, fitting);
  }

  /** This convention with elementary functions of another accuracy. */
  public Convention functionUlps(double ulps) {
    return with(roundings.functionUlps(ulps));
  }

  /** This convention under another protocol. */
  public Convention under(Protocol protocol) {
    return with(roundings.under(protocol));
  }

  /** This convention with all numbers in the format of its log-sum-exps. */
  public Convention fine() {
    Precision all = formats().lse() == DType.F64 ? Precision.FP64 : Precision.FP32;
    return with(roundings.in(Formats.of(all)));
  }

  /** The formats of answers and of log-sum-exps. */
  public Precision precision() {
    return roundings.precision();
  }

  /** The format of each quantity. */
  public Formats formats() {
    return roundings.formats();
  }

  /** What is summed where, and in which order. */
  public Protocol protocol() {
    return roundings.protocol();
  }

  /** How far exp and log may be off, in units in the last place. */
  public double functionUlps() {
    return roundings.functionUlps();
  }

  /** The base of the weights that parts are given with. */
  public LogBase base() {
    return weights.given();
  }

  /** The order of tokens and heads in outputs. */
  public AxisOrder order() {
    return layout.outputs();
  }

  /** The log-sum-exps that mean "no tokens". */
  public Marks marks() {
    return weights.marks();
  }

  /** The number that stands for the log-sum-exp, or for the maximum, of a part without tokens. */
  public double emptyLse() {
    return marks().given(0);
  }

  /** Whether partial states carry (max, sum) pairs. */
  public boolean pairs() {
    return weights.form() == WeightForm.MAX_SUM;
  }

  /** Writes −∞ as the mark of a part without tokens, and keeps every other log-sum-exp. */
  public double declared(double lse) {
    return lse == Double.NEGATIVE_INFINITY ? emptyLse() : lse;
  }

  /** The convention in words: about a screen of lines, each of which ends in a line feed. */
  public String description() {
    return new ConventionText(this).text();
  }
}

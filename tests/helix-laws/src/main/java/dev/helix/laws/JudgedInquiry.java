package dev.helix.laws;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A question whose answer is an output and a log-sum-exp for each row, judged against true values
 * in 50 digits. It is judged when it is first asked for, which is when a law is broken.
 */
public abstract class JudgedInquiry implements Inquiry {
  private final Convention convention;
  private final Sizes sizes;
  private final List<Integer> wrongRows = new ArrayList<>();
  private Optional<List<Observation>> observations = Optional.empty();
  private final List<Element> off = new ArrayList<>();
  private Optional<WrongElement> worst = Optional.empty();
  private int worstRow;
  private double worstShare;
  private boolean judged;

  /**
   * Prepares the judgement of an answer.
   *
   * @param convention the convention of the implementation that was asked
   */
  protected JudgedInquiry(Convention convention, Sizes sizes) {
    this.convention = convention;
    this.sizes = sizes;
  }

  /**
   * The size of an answer.
   *
   * @param heads number of heads; row r is that of token r / heads and head r mod heads
   * @param dim components of an output
   * @param hasLse whether log-sum-exps are part of the answer
   */
  public record Sizes(int heads, int dim, boolean hasLse) {}

  private static final int LSE = -1;

  /**
   * An answer with tokens as its outer axis. Log-sum-exps are in the base of the convention, and −∞
   * where a row has no tokens.
   */
  public interface Rows {
    /** Component i of the output of a row. */
    double output(int row, int i);

    /** The log-sum-exp of a row. */
    double lse(int row);
  }

  /** The answer that came; empty if there was an error, or an answer of another shape. */
  protected abstract Optional<? extends Rows> rows();

  /**
   * The rows that can be judged, which are those whose question holds only numbers; none if the
   * answer is still to come.
   */
  protected abstract IntStream judgedRows();

  /** The true values of a row. */
  protected abstract MergeReference truth(int row);

  /** The traits of a row. */
  protected abstract Set<Trait> traits(int row);

  @Override
  public final List<Observation> observations() {
    judge();
    if (observations.isEmpty()) {
      Set<Integer> wrong = Set.copyOf(wrongRows);
      observations =
          Optional.of(
              judgedRows()
                  .mapToObj(row -> new Observation(traits(row), wrong.contains(row)))
                  .toList());
    }
    return observations.get();
  }

  /** Rows have many traits, for which nobody asks as long as no cause is looked for. */
  @Override
  public final boolean wrong() {
    judge();
    return !wrongRows.isEmpty();
  }

  @Override
  public final Optional<WrongElement> worst() {
    judge();
    return worst;
  }

  /** The row of the element that is furthest off; 0 if none is. */
  protected final int worstRow() {
    judge();
    return worstRow;
  }

  private void judge() {
    if (!judged) {
      judged = true;
      judgedRows()
          .filter(row -> rows().map(got -> isWrong(row, got)).orElse(true))
          .forEach(wrongRows::add);
    }
  }

  private boolean isWrong(int row, Rows got) {
    boolean wrong = false;
    for (Element element : elements(row)) {
      wrong |= isOff(element, element.of(got));
    }
    return wrong;
  }

  private List<Element> elements(int row) {
    MergeReference truth = truth(row);
    boolean empty = truth.isEmpty();
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < sizes.dim; i++) {
      double expected = empty ? 0 : FiftyDigits.doubleValue(truth.output(i));
      double bound = empty ? 0 : truth.outputBound(i, 1) + Math.ulp(expected);
      elements.add(new Element(row, i, expected, bound));
    }
    if (sizes.hasLse) {
      double expected = truth.lseInBase();
      double bound = empty ? 0 : truth.lseBound(1) + Math.ulp(expected);
      elements.add(new Element(row, LSE, expected, bound));
    }
    return elements;
  }

  /**
   * An element of an answer.
   *
   * @param component index of the component of the output, or {@link #LSE}
   * @param expected the true value
   * @param bound how far from it an answer may be
   */
  private record Element(int row, int component, double expected, double bound) {
    double of(Rows answer) {
      return component == LSE ? answer.lse(row) : answer.output(row, component);
    }

    /** NaN is beyond every bound. */
    boolean isOff(double got) {
      return got != expected && !(Math.abs(got - expected) <= bound);
    }

    /**
     * Whether a fault explains the element: its answer is wrong here too, and the answer that came
     * is less than halfway from it to the true value. A fault that does no harm here, or other
     * harm, explains nothing.
     */
    boolean isExplained(Rows fault, double got) {
      double theirs = of(fault);
      double distance = Math.abs(theirs - expected);
      boolean finite = Double.isFinite(distance);
      return isOff(theirs) && (!finite || Math.abs(got - theirs) < distance / 2);
    }
  }

  private String place(Element element) {
    String row =
        "token %d, head %d".formatted(element.row / sizes.heads, element.row % sizes.heads);
    return element.component == LSE
        ? "LSE of " + row
        : "output of %s, component %d".formatted(row, element.component);
  }

  /** Remembers the element if none is as far off; one that is no number is before all others. */
  private boolean isOff(Element element, double got) {
    if (!element.isOff(got)) {
      return false;
    }
    off.add(element);
    double expected = element.expected;
    double error = Math.abs(got - expected);
    boolean beyond = Double.isNaN(error) || element.bound == 0;
    double share = beyond ? Double.POSITIVE_INFINITY : error / element.bound;
    if (worst.isEmpty() || share > worstShare) {
      worstShare = share;
      worstRow = element.row;
      Precision precision = convention.precision();
      DType format = element.component == LSE ? precision.lse() : precision.output();
      String place = place(element);
      Trial.Shown shown = new Trial.Shown("", place, format, shown(expected), shown(got), false);
      String numbers = shown.distance(expected, got, element.bound);
      worst = Optional.of(new WrongElement(place, numbers));
    }
    return true;
  }

  private String shown(double number) {
    return String.valueOf(convention.declared(number));
  }

  /**
   * Measures how far a known fault explains the answer.
   *
   * @param expected what the fault gives; empty if it gives no answer to such a question
   * @param bounds bounds of each row; the bound of component 0 is used for all components
   */
  protected final Agreement agreement(
      String fault, Optional<? extends Rows> expected, IntFunction<MergeBound> bounds) {
    int[] rows = judgedRows().toArray();
    int elements = rows.length * (sizes.dim + (sizes.hasLse ? 1 : 0));
    judge();
    if (rows().isEmpty() || expected.isEmpty()) {
      return new Agreement(fault, 0, elements, off.size(), 0);
    }
    Rows theirs = expected.get();
    Rows got = rows().get();
    int within = 0;
    for (int row : rows) {
      within += within(row, theirs, got, bounds.apply(row));
    }
    long explained =
        off.stream().filter(element -> element.isExplained(theirs, element.of(got))).count();
    return new Agreement(fault, within, elements, off.size(), (int) explained);
  }

  private int within(int row, Rows expected, Rows got, MergeBound bound) {
    int within = 0;
    for (int i = 0; i < sizes.dim; i++) {
      within += alike(expected.output(row, i), got.output(row, i), bound.output(0, 1));
    }
    return sizes.hasLse ? within + alike(expected.lse(row), got.lse(row), bound.lse(1)) : within;
  }

  /**
   * Returns 1 if both are the same infinity, neither is a number, or both are numbers within the
   * bound, and 0 otherwise.
   */
  private static int alike(double expected, double got, double bound) {
    boolean none = isNoNumber(expected) && isNoNumber(got);
    return expected == got || none || Math.abs(expected - got) <= bound ? 1 : 0;
  }

  /** NaN, or +∞, which differs from it by the way a program is written; −∞ is no tokens. */
  private static boolean isNoNumber(double x) {
    return Double.isNaN(x) || x == Double.POSITIVE_INFINITY;
  }
}

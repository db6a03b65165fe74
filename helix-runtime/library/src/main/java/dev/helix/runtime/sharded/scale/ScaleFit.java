package dev.helix.runtime.sharded.scale;

import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A softmax scale with which some dumped rows are as they were dumped, but for roundings.
 *
 * <p>One row has few scales that it fits: a log-sum-exp is a convex function of the scale, with two
 * at most, and an output has as many equations as components. So some rows name their own, the one
 * that others fit best is taken, and Gauss's and Newton's method makes it as exact as the dumped
 * numbers are. Whether it explains a dump is for the bounds of all rows to say, and not for this
 * fit.
 */
public final class ScaleFit {
  private static final int OCTAVES = 10;
  private static final int PER_OCTAVE = 4;
  private static final int BISECTIONS = 25;
  private static final int POLISHINGS = 4;

  /** A factor that a kernel holds in FP32 is off by as much. */
  private static final double SINGLE = 0x1p-23;

  /** Rows that name scales. */
  private static final int NAMING = 4;

  private static final double QUANTILE = 0.4;

  /** A row that is so many times farther from a scale than others is not of it. */
  private static final double OUTLYING = 10;

  private final List<ScaledRow> rows;
  private final double scale;
  private final double misfit;

  private ScaleFit(List<ScaledRow> rows, double scale) {
    this.rows = rows;
    this.scale = scale;
    this.misfit = misfit(scale);
  }

  /**
   * The scales that some ranks' rows fit, by their LSEs and by their outputs; by outputs after the
   * merge if no others are dumped.
   *
   * @param reading how ranks attend, but for the scale, whose size says where the search begins
   */
  public static List<ScaleFit> of(ShardedStep step, LocalReading reading, Set<Integer> ranks) {
    DumpedRows dumped = new DumpedRows(step, reading);
    double near = Math.abs(reading.scores().scale());
    List<ScaleFit> fits = new ArrayList<>();
    if (step.has(StepTensor.PARTIAL_LSE)) {
      among(dumped.lses(ranks), near).ifPresent(fits::add);
    }
    if (step.has(StepTensor.PARTIAL_OUTPUT)) {
      among(dumped.partialOutputs(ranks), near).ifPresent(fits::add);
    }
    boolean partials = step.has(StepTensor.PARTIAL_LSE) || step.has(StepTensor.PARTIAL_OUTPUT);
    if (!partials && step.has(StepTensor.MERGED_OUTPUT)) {
      among(dumped.mergedOutputs(ranks), near).ifPresent(fits::add);
    }
    return fits;
  }

  /**
   * The scale that some rows fit best. Rows of a wrong rank may be near it and would pull at it, so
   * they have no vote: of the scales that single rows name, the one counts that two fifths of all
   * rows fit best, and only rows that are as near as these.
   */
  static Optional<ScaleFit> among(List<ScaledRow> rows, double near) {
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    for (ScaledRow row : rows.subList(0, Math.min(NAMING, rows.size()))) {
      for (double scale : of(row, near)) {
        double misfit = quantile(rows, scale);
        if (misfit < least) {
          best = scale;
          least = misfit;
        }
      }
    }
    double scale = best;
    double most = OUTLYING * least;
    List<ScaledRow> voting =
        rows.stream()
            .filter(row -> row.isNear(row.misfit(scale)))
            .filter(row -> ScaledRow.norm(row.misfit(scale)) <= most)
            .toList();
    return voting.isEmpty() || voting.size() < Math.min(2, rows.size())
        ? Optional.empty()
        : Optional.of(new ScaleFit(voting, scale).polished());
  }

  private static double quantile(List<ScaledRow> rows, double scale) {
    double[] misfits =
        rows.stream().mapToDouble(row -> ScaledRow.norm(row.misfit(scale))).sorted().toArray();
    return misfits[(int) Math.ceil(QUANTILE * misfits.length) - 1];
  }

  private static boolean isNear(ScaledRow row, double scale) {
    return row.isNear(row.misfit(scale));
  }

  /** The scales that one row fits. */
  private static List<Double> of(ScaledRow row, double near) {
    double[] grid = new double[2 * OCTAVES * PER_OCTAVE + 1];
    Arrays.setAll(grid, i -> near * Math.pow(2, i / (double) PER_OCTAVE - OCTAVES));
    double[][] misfits = new double[grid.length][];
    Arrays.setAll(misfits, i -> row.misfit(grid[i]));
    List<Double> found = new ArrayList<>();
    for (int i = 1; i + 1 < grid.length; i++) {
      boolean root = misfits[i].length == 1 && misfits[i][0] * misfits[i + 1][0] <= 0;
      boolean least =
          row.isWorthALook(misfits[i])
              && ScaledRow.norm(misfits[i]) <= ScaledRow.norm(misfits[i - 1])
              && ScaledRow.norm(misfits[i]) <= ScaledRow.norm(misfits[i + 1]);
      if (root) {
        found.add(root(row, grid[i], grid[i + 1]));
      } else if (least) {
        found.add(least(row, grid[i - 1], grid[i + 1]));
      }
    }
    return found.stream().filter(scale -> isNear(row, scale)).toList();
  }

  private static double root(ScaledRow row, double from, double to) {
    double low = from;
    double high = to;
    boolean rises = row.misfit(to)[0] > row.misfit(from)[0];
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if ((row.misfit(middle)[0] > 0) == rises) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The scale of the least misfit between two, by thirds. */
  private static double least(ScaledRow row, double from, double to) {
    double low = from;
    double high = to;
    for (int i = 0; i < BISECTIONS; i++) {
      double third = (high - low) / 3;
      boolean left =
          ScaledRow.norm(row.misfit(low + third)) < ScaledRow.norm(row.misfit(high - third));
      low = left ? low : low + third;
      high = left ? high - third : high;
    }
    return (low + high) / 2;
  }

  /** The scale of least squares over all rows that agree on it. */
  private ScaleFit polished() {
    double best = scale;
    for (int i = 0; i < POLISHINGS; i++) {
      double step = 1e-5 * best;
      double gradient = 0;
      double curvature = 0;
      for (ScaledRow row : rows) {
        double[] here = row.misfit(best);
        double[] above = row.misfit(best + step);
        double[] below = row.misfit(best - step);
        for (int c = 0; c < here.length; c++) {
          double slope = (above[c] - below[c]) / (2 * step);
          gradient += slope * here[c];
          curvature += slope * slope;
        }
      }
      double next = best - gradient / curvature;
      if (!(Math.abs(next - scale) < 0.1 * scale)) {
        return this;
      }
      best = next;
    }
    return new ScaleFit(rows, best);
  }

  /** The scale. */
  public double scale() {
    return scale;
  }

  /** How far the rows are from what was dumped, with another scale: the root mean square. */
  private double misfit(double other) {
    double sum = 0;
    for (ScaledRow row : rows) {
      double norm = ScaledRow.norm(row.misfit(other));
      sum += norm * norm;
    }
    return Math.sqrt(sum / rows.size());
  }

  /** Whether the rows cannot tell another scale from this one. */
  public boolean isAlso(double other) {
    return Math.abs(other - scale) <= 4 * uncertainty() + SINGLE * scale;
  }

  /** How far off the fit may be, generously: by four standard errors of least squares. */
  public double uncertainty() {
    double step = 1e-5 * scale;
    double slopes = 0;
    int numbers = 0;
    for (ScaledRow row : rows) {
      double[] above = row.misfit(scale + step);
      double[] below = row.misfit(scale - step);
      for (int c = 0; c < above.length; c++) {
        double slope = (above[c] - below[c]) / (2 * step);
        slopes += slope * slope;
        numbers++;
      }
    }
    double squares = rows.size() * misfit * misfit;
    return 4 * Math.sqrt(squares / numbers / slopes);
  }

  /** The same scale, or 1/√n if that is what the rows say, in as few digits as they can tell. */
  public double inFewDigits() {
    double exact = root().isPresent() ? 1 / Math.sqrt(root().getAsInt()) : scale;
    double open = uncertainty() / 40;
    return IntStream.rangeClosed(3, 16)
        .mapToDouble(digits -> new BigDecimal(exact).round(new MathContext(digits)).doubleValue())
        .filter(rounded -> Math.abs(rounded - exact) <= open)
        .findFirst()
        .orElse(exact);
  }

  /** The number n if the rows say 1/√n, and neither that of n + 1 nor of n − 1. */
  private OptionalInt root() {
    double n = Math.rint(1 / (scale * scale));
    // Neighbours are scale / 2n apart; a scale that is none of them is so near to one once in 50
    // times.
    boolean tells = 200 * n * uncertainty() < scale;
    return n >= 1 && tells && Math.abs(1 / Math.sqrt(n) - scale) <= uncertainty()
        ? OptionalInt.of((int) n)
        : OptionalInt.empty();
  }

  /** The scale in words, such as {@code 0.07216878 (1/√192)}. */
  public String text() {
    String root = root().isPresent() ? " (1/√%d)".formatted(root().getAsInt()) : "";
    return text(inFewDigits()) + root;
  }

  private static String text(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}

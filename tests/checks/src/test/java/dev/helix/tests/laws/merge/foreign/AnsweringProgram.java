package dev.helix.tests.laws.merge.foreign;

import dev.helix.attention.convention.LogBase;
import dev.helix.laws.algebra.PartialState;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import dev.helix.tests.laws.foreign.JavaProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that speaks the protocol of {@code helix laws --exec}, right or wrong. */
public final class AnsweringProgram {
  private AnsweringProgram() {}

  /** The command that starts it, but for the names of the two files. */
  public static String command(String mode) {
    return JavaProgram.command(AnsweringProgram.class, mode);
  }

  /**
   * Arguments: correct, base, nan, shape, missing, or sized: 4 heads of 8 components; the cases;
   * the answers.
   */
  public static void main(String[] arguments) {
    String mode = arguments[0];
    SafetensorsWriter answers = new SafetensorsWriter();
    try (SafetensorsFile given = SafetensorsFile.open(Path.of(arguments[1]))) {
      String base = mode.equals("base") ? "2" : given.metadata().get("base");
      String mark = given.metadata().get("empty");
      double empty = mark.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(mark);
      int cases = Integer.parseInt(given.metadata().get("cases"));
      for (int n = 0; n < cases; n++) {
        List<Integer> shape = given.shape(n + ".outputs").stream().map(Long::intValue).toList();
        int rows = shape.get(1) * shape.get(2);
        if (mode.equals("sized") && (shape.get(2) != 4 || shape.get(3) != 8)) {
          throw new IllegalArgumentException("expected 4 heads of 8 components, got " + shape);
        }
        double[] outputs = new double[rows * shape.get(3)];
        double[] lses =
            merge(
                given.read(n + ".outputs"),
                weights(given, n, base, empty),
                base.equals("e") ? LogBase.E : LogBase.TWO,
                empty,
                outputs);
        if (mode.equals("nan")) {
          Arrays.fill(outputs, Double.NaN);
        }
        List<Integer> merged = shape.subList(1, 4);
        boolean stacked = mode.equals("shape");
        DType dtype = given.dtype(n + ".outputs");
        answers.tensor(
            n + ".outputs",
            dtype,
            stacked ? List.of(1, merged.get(0), merged.get(1), merged.get(2)) : merged,
            outputs);
        if (!mode.equals("missing")) {
          answers.tensor(
              n + ".lses",
              given.dtype(n + (given.has(n + ".lses") ? ".lses" : ".sums")),
              shape.subList(1, 3),
              lses);
        }
      }
    }
    answers.write(Path.of(arguments[2]));
  }

  /** Log-sum-exps as they are given, or of (max, sum) pairs. */
  private static double[] weights(SafetensorsFile given, int n, String base, double empty) {
    if (given.metadata().get("weights").equals("lse")) {
      return given.read(n + ".lses");
    }
    double[] lses = given.read(n + ".maxima");
    double[] sums = given.read(n + ".sums");
    for (int at = 0; at < lses.length; at++) {
      double log = base.equals("e") ? Math.log(sums[at]) : Math.log(sums[at]) / Math.log(2);
      lses[at] = sums[at] == 0 ? empty : lses[at] + log;
    }
    return lses;
  }

  private static double[] merge(
      double[] parts, double[] weights, LogBase base, double empty, double[] outputs) {
    double[] lses =
        new double[outputs.length == 0 ? 0 : weights.length / (parts.length / outputs.length)];
    int dim = outputs.length / lses.length;
    for (int row = 0; row < lses.length; row++) {
      List<PartialState> states = new ArrayList<>();
      for (int at = row; at < weights.length; at += lses.length) {
        double lse = weights[at] == empty ? Double.NEGATIVE_INFINITY : weights[at];
        states.add(
            PartialState.ofFinished(
                Arrays.copyOfRange(parts, at * dim, (at + 1) * dim), lse, base));
      }
      PartialState state = PartialState.merge(dim, states);
      System.arraycopy(state.output(), 0, outputs, row * dim, dim);
      lses[row] = state.isEmpty() ? empty : states.size() == 1 ? weights[row] : state.lse(base);
    }
    return lses;
  }
}

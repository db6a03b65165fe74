package dev.helix.tests.laws.merge.foreign;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import dev.helix.tests.laws.foreign.JavaProgram;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A program that merges states as they lie in published conventions: shards behind tokens, pairs
 * side by side, log-sum-exps behind the components of BF16 outputs.
 */
public final class LaidOutProgram {
  private LaidOutProgram() {}

  /** The command that starts it, but for the names of the two files. */
  static String command(String mode) {
    return JavaProgram.command(LaidOutProgram.class, mode);
  }

  /**
   * Arguments: right, or the mistake: shards-first, as if no other axis stood before shards;
   * sums-first, in pairs; high-first, of the halves of an LSE; the cases; the answers.
   */
  public static void main(String[] arguments) {
    SafetensorsWriter answers = new SafetensorsWriter();
    try (SafetensorsFile given = SafetensorsFile.open(Path.of(arguments[1]))) {
      int cases = Integer.parseInt(given.metadata().get("cases"));
      for (int number = 0; number < cases; number++) {
        new Question(given, number + ".", arguments[0]).answer(answers);
      }
    }
    answers.write(Path.of(arguments[2]));
  }

  /** One merge. */
  private static final class Question {
    private final SafetensorsFile file;
    private final String name;
    private final boolean mistaken;
    private final double nats;
    private final FileTensor outputs;
    private final int shards;
    private final int rows;
    private final int dim;

    Question(SafetensorsFile file, String name, String mode) {
      this.file = file;
      this.name = name;
      this.mistaken = !mode.equals("right");
      this.nats = file.metadata().get("base").equals("2") ? Math.log(2) : 1;
      this.outputs = shardsFirst(file.tensor(name + "outputs"), mode);
      this.shards = (int) outputs.size(0);
      this.rows = (int) (outputs.size(1) * outputs.size(2));
      this.dim = (int) outputs.size(3) - (isBehindOutputs() ? 2 : 0);
    }

    private boolean isBehindOutputs() {
      return file.metadata().get("convention.packing").equals("behind-output");
    }

    private FileTensor shardsFirst(FileTensor tensor, String mode) {
      boolean second = file.metadata().get("convention.shard-axis").equals("second");
      if (!second || mode.equals("shards-first")) {
        return tensor;
      }
      return tensor.axes() == 4 ? tensor.permuted(1, 0, 2, 3) : tensor.permuted(1, 0, 2);
    }

    /** The log-sum-exps in nats, {@code [shards, rows]}; −∞ for every mark of no tokens. */
    private double[] lses() {
      double[] lses =
          isBehindOutputs()
              ? behindOutputs()
              : file.has(name + "pairs")
                  ? ofPairs(file.tensor(name + "pairs").numbers())
                  : shardsFirst(file.tensor(name + "lses"), mistaken ? "shards-first" : "right")
                      .numbers();
      return Arrays.stream(lses)
          .map(lse -> Double.isFinite(lse) ? nats * lse : Double.NEGATIVE_INFINITY)
          .toArray();
    }

    private double[] ofPairs(double[] pairs) {
      double[] lses = new double[pairs.length / 2];
      int sum = mistaken ? 0 : 1;
      Arrays.setAll(lses, at -> pairs[2 * at + 1 - sum] + Math.log(pairs[2 * at + sum]));
      return lses;
    }

    private double[] behindOutputs() {
      long[] halves = outputs.range(3, dim, dim + 2).as(ElementType.U16).integers();
      double[] lses = new double[halves.length / 2];
      int high = mistaken ? 0 : 1;
      Arrays.setAll(
          lses,
          at ->
              Float.intBitsToFloat(
                  (int) (halves[2 * at + high] << 16 | halves[2 * at + 1 - high])));
      return lses;
    }

    void answer(SafetensorsWriter answers) {
      double[] lses = lses();
      double[] parts = outputs.range(3, 0, dim).numbers();
      double[] merged = new double[rows * dim];
      double[] mergedLses = new double[rows];
      for (int row = 0; row < rows; row++) {
        double top = Double.NEGATIVE_INFINITY;
        for (int shard = 0; shard < shards; shard++) {
          top = Math.max(top, lses[shard * rows + row]);
        }
        double sum = 0;
        for (int shard = 0; shard < shards && top > Double.NEGATIVE_INFINITY; shard++) {
          int at = shard * rows + row;
          double weight = Math.exp(lses[at] - top);
          sum += weight;
          for (int i = 0; i < dim && lses[at] > Double.NEGATIVE_INFINITY; i++) {
            merged[row * dim + i] += weight * parts[at * dim + i];
          }
        }
        for (int i = 0; i < dim && sum > 0; i++) {
          merged[row * dim + i] /= sum;
        }
        mergedLses[row] = (top + Math.log(sum)) / nats;
      }
      List<Integer> shape = List.of((int) outputs.size(1), (int) outputs.size(2), dim);
      answers.tensor(name + "outputs", DType.BF16, shape, merged);
      if (file.metadata().get("convention.lse").equals("yes")) {
        answers.tensor(name + "lses", DType.F32, shape.subList(0, 2), mergedLses);
      }
    }
  }
}

package dev.helix.attention.bounds;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.rotary.RopeParameters;
import java.util.SplittableRandom;

/**
 * A layer and the inputs of a request, made to be numerically hard in a chosen way. Component 0 of
 * every input is 1, so that column 0 of a projection is a bias; component 1 is +1 and −1 in turn;
 * the others are noise.
 */
public final class AttentionProblem {
  public final AttentionShape shape;
  public final RopeParameters rope;
  public final double[] wq;
  public final double[] wk;
  public final double[] wv;
  public final double[] wo;
  public final double[][] inputs;

  private AttentionProblem(
      AttentionShape shape, RopeParameters rope, int tokens, SplittableRandom random) {
    int queryWidth = shape.queryHeads() * shape.headDim();
    int kvWidth = shape.kvHeads() * shape.headDim();
    this.shape = shape;
    this.rope = rope;
    double spread = 1 / Math.sqrt(shape.hidden());
    this.wq = gaussian(random, queryWidth * shape.hidden(), spread);
    this.wk = gaussian(random, kvWidth * shape.hidden(), spread);
    this.wv = gaussian(random, kvWidth * shape.hidden(), spread);
    this.wo = gaussian(random, shape.hidden() * queryWidth, 1 / Math.sqrt(queryWidth));
    this.inputs = new double[tokens][];
    for (int t = 0; t < tokens; t++) {
      inputs[t] = gaussian(random, shape.hidden(), 1);
      inputs[t][0] = 1;
      inputs[t][1] = t % 2 == 0 ? 1 : -1;
    }
  }

  public static AttentionProblem random(
      AttentionShape shape, RopeParameters rope, int tokens, long seed) {
    return new AttentionProblem(shape, rope, tokens, new SplittableRandom(seed));
  }

  /**
   * Adds a bias to queries and keys in the slowly turning second half of the pairs, so that all
   * scores share a large part: {@code querySize} times the sum of {@code keySizes}, dealt to the
   * pairs in turn.
   */
  public AttentionProblem withBiases(double querySize, double... keySizes) {
    for (int row = 0; row < wq.length / shape.hidden(); row++) {
      wq[row * shape.hidden()] += slow(row) ? querySize : 0;
    }
    for (int row = 0; row < wk.length / shape.hidden(); row++) {
      int pair = row % (shape.headDim() / 2);
      wk[row * shape.hidden()] += slow(row) ? keySizes[pair % keySizes.length] : 0;
    }
    return this;
  }

  public AttentionProblem withNoiseScaled(double factor) {
    for (double[] input : inputs) {
      for (int i = 2; i < input.length; i++) {
        input[i] *= factor;
      }
    }
    return this;
  }

  public AttentionProblem withInputsScaled(double factor) {
    for (double[] input : inputs) {
      scale(input, factor);
    }
    return this;
  }

  public AttentionProblem withQueriesScaled(double factor) {
    scale(wq, factor);
    return this;
  }

  public AttentionProblem withValuesScaled(double factor) {
    scale(wv, factor);
    return this;
  }

  /** Values of +size and −size in turn, between which queries and keys cannot tell. */
  public AttentionProblem withAlternatingValues(double size) {
    for (double[] weight : new double[][] {wq, wk}) {
      for (int row = 0; row < weight.length / shape.hidden(); row++) {
        weight[row * shape.hidden() + 1] = 0;
      }
    }
    for (int row = 0; row < wv.length / shape.hidden(); row++) {
      wv[row * shape.hidden() + 1] = size;
    }
    return this;
  }

  public UnshardedAttention baseline() {
    return new UnshardedAttention(shape, rope, wq, wk, wv, wo);
  }

  private boolean slow(int row) {
    int pair = row % (shape.headDim() / 2);
    return pair >= shape.headDim() / 4;
  }

  private static void scale(double[] numbers, double factor) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factor;
    }
  }

  private static double[] gaussian(SplittableRandom random, int size, double deviation) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}

package dev.helix.laws.readings;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.YarnScaling;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.rotary.RotaryRule;
import dev.helix.laws.rotary.RotaryScaling.Linear;
import dev.helix.laws.rotary.RotaryScaling.Llama3;
import dev.helix.laws.rotary.RotaryScaling.None;
import dev.helix.laws.rotary.RotaryScaling.Yarn;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Queries and keys of an input as decode attention multiplies them: turned by their positions if
 * the input has a rotary rule.
 *
 * @param queries {@code [tokens, heads, keyDim]}
 * @param keys {@code [slots, kvHeads, keyDim]}
 * @param scale scale of scores, with YaRN's factor
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once, compared by nobody.
record TurnedInput(double[] queries, double[] keys, double scale) {

  /** Turns rows of heads by their positions. */
  interface Rotation {
    /**
     * Turns heads whose pairs are in halves: component i and component i + dims/2.
     *
     * @param heads {@code [positions, count, dims]}
     */
    double[] turned(double[] heads, int dims, RopeParameters rope, List<Integer> positions);

    /** The rotary parameters that the attention uses; a faulty attention uses others. */
    default RopeParameters used(RopeParameters rope) {
      return rope;
    }

    /** The rotary parameters whose factor of scores the attention uses. */
    default RopeParameters usedInScores(RopeParameters rope) {
      return rope;
    }

    /** A rotation that refuses to turn, for kernels of latent attention. */
    static Rotation none() {
      return (heads, dims, rope, positions) -> {
        throw new IllegalArgumentException("latents are kept with their rotary part turned");
      };
    }

    /** The rotation by the launch with which a reading turns the rows of a projection. */
    static <T extends Tensor> Rotation by(Kernels<T> kernels, AttentionKernels<T> attention) {
      // A constant is known by its name.
      AtomicInteger launches = new AtomicInteger();
      return (heads, dims, rope, positions) -> {
        String name = "heads of turn " + launches.incrementAndGet();
        int count = heads.length / dims / positions.size();
        AttentionShape shape = new AttentionShape(dims, count, count, dims);
        double[] projection = new double[3 * heads.length];
        for (int row = 0; row < positions.size(); row++) {
          System.arraycopy(
              heads, row * count * dims, projection, 3 * row * count * dims, count * dims);
        }
        Spec spec =
            Spec.of(
                DType.F64,
                new Dim(Axis.BATCH, positions.size()),
                new Dim(Axis.QKV, shape.qkvRows()));
        T qkv = kernels.constant(spec, new WeightSlice(name, () -> projection));
        List<QueryToken> step = positions.stream().map(p -> new QueryToken(0, p)).toList();
        RotatedQkv<T> rotated =
            attention.rotaryQkv(qkv, shape, new RotaryEmbedding(rope, dims), step);
        return kernels.toHost(rotated.queries());
      };
    }
  }

  static TurnedInput of(AttentionInput in, Rotation rotation) {
    if (in.rotary().isEmpty()) {
      return new TurnedInput(in.queries(), in.keys(), in.scale());
    }
    RotaryRule rule = in.rotary().get();
    RopeParameters rope = parameters(rule);
    return new TurnedInput(
        turned(in.queries(), in, rule, rotation, in.queryPositions()),
        turned(in.keys(), in, rule, rotation, in.slotPositions()),
        in.scale() * RotaryEmbedding.scoreFactor(rotation.usedInScores(rope)));
  }

  /** Rows without a position stay as they are. */
  private static double[] turned(
      double[] all, AttentionInput in, RotaryRule rule, Rotation rotation, int[] positions) {
    int[] rows = IntStream.range(0, positions.length).filter(row -> positions[row] >= 0).toArray();
    if (rows.length == 0) {
      return all;
    }
    int dims = rule.dims();
    int heads = all.length / positions.length / in.keyDim();
    double[] part = new double[rows.length * heads * dims];
    copy(all, part, in.keyDim(), rule, rows, heads, true);
    List<Integer> rotated = Arrays.stream(rows).map(row -> positions[row]).boxed().toList();
    double[] turned = rotation.turned(part, dims, rotation.used(parameters(rule)), rotated);
    copy(all, turned, in.keyDim(), rule, rows, heads, false);
    return all;
  }

  /**
   * Copies the components that turn of some rows, arranged in halves, out of all numbers or back.
   */
  private static void copy(
      double[] all,
      double[] part,
      int keyDim,
      RotaryRule rule,
      int[] rows,
      int heads,
      boolean out) {
    int pairs = rule.pairs();
    for (int at = 0; at < rows.length * heads; at++) {
      int from = (rows[at / heads] * heads + at % heads) * keyDim;
      for (int i = 0; i < pairs; i++) {
        int first = at * 2 * pairs + i;
        if (out) {
          part[first] = all[from + rule.first(i)];
          part[first + pairs] = all[from + rule.second(i)];
        } else {
          all[from + rule.first(i)] = part[first];
          all[from + rule.second(i)] = part[first + pairs];
        }
      }
    }
  }

  /** The rule in this project's words, which has none for a linear scaling or a plain ramp. */
  private static RopeParameters parameters(RotaryRule rule) {
    if (rule.scaling() instanceof None) {
      return RopeParameters.of(rule.theta());
    }
    if (rule.scaling() instanceof Linear linear) {
      // Every wavelength, 2π at least, is above the context of 1: all frequencies are divided.
      return new RopeParameters(
          rule.theta(), Optional.of(new Llama3Scaling(linear.factor(), 1, 2, 1)));
    }
    if (rule.scaling() instanceof Llama3 llama) {
      return new RopeParameters(
          rule.theta(),
          Optional.of(
              new Llama3Scaling(llama.factor(), llama.low(), llama.high(), llama.original())));
    }
    if (rule.scaling() instanceof Yarn yarn && yarn.ramp().truncated()) {
      return new RopeParameters(
          rule.theta(),
          Optional.empty(),
          Optional.of(
              new YarnScaling(
                  yarn.factor(),
                  yarn.ramp().fast(),
                  yarn.ramp().slow(),
                  yarn.mscale(),
                  yarn.mscaleAllDim(),
                  yarn.original())));
    }
    throw new IllegalArgumentException("this project has no words for " + rule);
  }
}

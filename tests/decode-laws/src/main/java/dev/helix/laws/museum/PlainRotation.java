package dev.helix.laws.museum;

import dev.helix.laws.rotary.RotaryRule;
import dev.helix.laws.rotary.RotaryScaling.Linear;
import dev.helix.laws.rotary.RotaryScaling.Llama3;
import dev.helix.laws.rotary.RotaryScaling.Yarn;
import java.util.Arrays;

/** The rotary embedding of {@link PlainAttention}, from its formula in double precision. */
final class PlainRotation {
  private final RotaryRule rule;

  PlainRotation(RotaryRule rule) {
    this.rule = rule;
  }

  /** Turns one head by a position; its numbers begin at {@code from}. */
  double[] turned(double[] all, int from, int dim, int position) {
    double[] head = Arrays.copyOfRange(all, from, from + dim);
    for (int i = 0; i < rule.pairs(); i++) {
      double angle = position * frequency(i);
      double cos = Math.cos(angle) * amplitude();
      double sin = Math.sin(angle) * amplitude();
      double a = head[rule.first(i)];
      double b = head[rule.second(i)];
      head[rule.first(i)] = a * cos - b * sin;
      head[rule.second(i)] = a * sin + b * cos;
    }
    return head;
  }

  double scoreFactor() {
    if (rule.scaling() instanceof Yarn yarn) {
      return Math.pow(magnitude(yarn, yarn.mscaleAllDim()), 2);
    }
    return 1;
  }

  private double amplitude() {
    return rule.scaling() instanceof Yarn yarn
        ? magnitude(yarn, yarn.mscale()) / magnitude(yarn, yarn.mscaleAllDim())
        : 1;
  }

  private static double magnitude(Yarn yarn, double mscale) {
    return 0.1 * mscale * Math.log(yarn.factor()) + 1;
  }

  private double frequency(int i) {
    double frequency = Math.pow(rule.theta(), -2.0 * i / rule.dims());
    if (rule.scaling() instanceof Linear linear) {
      return frequency / linear.factor();
    }
    if (rule.scaling() instanceof Llama3 llama) {
      double turns = llama.original() * frequency / (2 * Math.PI);
      double kept = clamped((turns - llama.low()) / (llama.high() - llama.low()));
      return (1 - kept) * frequency / llama.factor() + kept * frequency;
    }
    if (rule.scaling() instanceof Yarn yarn) {
      double ramp = ramp(yarn, i);
      return ramp * frequency / yarn.factor() + (1 - ramp) * frequency;
    }
    return frequency;
  }

  private double ramp(Yarn yarn, int i) {
    double low = turningPair(yarn, yarn.ramp().fast());
    double high = turningPair(yarn, yarn.ramp().slow());
    if (yarn.ramp().truncated()) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(0, low);
    high = Math.min(rule.dims() - 1.0, high);
    return clamped((i - low) / (high - low));
  }

  private double turningPair(Yarn yarn, double beta) {
    double turns = yarn.original() / (beta * 2 * Math.PI);
    return rule.dims() * Math.log(turns) / (2 * Math.log(rule.theta()));
  }

  private static double clamped(double x) {
    return Math.max(0, Math.min(1, x));
  }
}

package dev.helix.attention.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Protocol;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The merge of one row, which is one head of one token, as a program of a {@link Convention}
 * computes it: in its formats, under its protocol, and with its marks of parts without tokens. Each
 * operation is computed in double precision and rounded to the format in which the program has its
 * result. Exponentials and logarithms are taken in the base of the convention.
 *
 * <p>A call that takes fewer parts than there are merges them in a tree, level by level, and rounds
 * what it hands on as it rounds an answer.
 */
public final class ConventionMerge {
  private final Convention convention;
  private final Formats formats;
  private final boolean base2;

  /** Creates the merge of a convention. */
  public ConventionMerge(Convention convention) {
    this.convention = convention;
    this.formats = convention.formats();
    this.base2 = convention.base() == LogBase.TWO;
  }

  /**
   * Merges one row.
   *
   * @param lses {@code [shards]}, in the base of the convention
   * @param outputs {@code [shards][dim]}; that of a part without tokens may hold anything
   * @return {@code [dim]}, in the format of answers; 0 where no part has tokens
   */
  public double[] merged(double[] lses, double[][] outputs) {
    return state(lses, outputs).output;
  }

  /**
   * The log-sum-exp of the merged row, as it is answered.
   *
   * @param lses {@code [shards]}, in the base of the convention
   * @param outputs {@code [shards][dim]}; that of a part without tokens may hold anything
   * @return in the base of answers and the format of log-sum-exps; −∞ where no part has tokens
   */
  public double mergedLse(double[] lses, double[][] outputs) {
    LogBase answered = convention.weights().answered();
    double lse = state(lses, outputs).lse;
    return answered == convention.base()
        ? lse
        : fine(answered.fromNatural(convention.base().toNatural(lse)));
  }

  private State state(double[] lses, double[][] outputs) {
    List<State> level = new ArrayList<>();
    for (int part = 0; part < lses.length; part++) {
      level.add(new State(lses[part], outputs[part]));
    }
    int most = convention.contract().mostShards();
    while (level.size() > most) {
      List<State> merged = new ArrayList<>();
      for (int from = 0; from < level.size(); from += most) {
        merged.add(called(level.subList(from, Math.min(level.size(), from + most))));
      }
      level = merged;
    }
    return called(level);
  }

  /** What one call makes of its parts. */
  private State called(List<State> given) {
    List<State> parts =
        given.stream().filter(part -> !convention.marks().mayBeRead(part.lse)).toList();
    if (parts.isEmpty()) {
      return new State(Double.NEGATIVE_INFINITY, new double[given.get(0).output.length]);
    }
    State merged =
        convention.protocol().exchange() == Protocol.Exchange.RING ? folded(parts) : summed(parts);
    return new State(merged.lse, rounded(formats.answer(), merged.output));
  }

  /** Weighted outputs, added up part by part. */
  private State summed(List<State> parts) {
    double greatest = parts.stream().mapToDouble(State::lse).max().orElseThrow();
    double sum = 0;
    for (State part : parts) {
      sum = fine(sum + power(fine(part.lse - greatest)));
    }
    double whole = fine(greatest + logarithm(sum));
    boolean renormalises = convention.protocol().renormalises();
    double[] total = new double[parts.get(0).output.length];
    for (State part : parts) {
      double exponent = fine(part.lse - (renormalises ? greatest : whole));
      double factor = formats.factor().round(power(exponent));
      for (int i = 0; i < total.length; i++) {
        total[i] = coarse(total[i] + coarse(factor * part.output[i]));
      }
    }
    if (renormalises) {
      for (int i = 0; i < total.length; i++) {
        total[i] = coarse(total[i] / sum);
      }
    }
    return new State(whole, total);
  }

  /** A running pair, O − σ(L′ − L)·(O − O′) and L − ln σ(L − L′), in the format of sums. */
  private State folded(List<State> parts) {
    State running = parts.get(0);
    for (State part : parts.subList(1, parts.size())) {
      double share = fine(1 / fine(1 + power(fine(running.lse - part.lse))));
      double[] output = running.output.clone();
      for (int i = 0; i < output.length; i++) {
        output[i] = coarse(output[i] - coarse(share * coarse(output[i] - part.output[i])));
      }
      running = new State(fine(running.lse - logSigmoid(fine(running.lse - part.lse))), output);
    }
    return running;
  }

  /** The logarithm of σ(x) in the base of the convention, which stays finite where σ(x) is 0. */
  private double logSigmoid(double x) {
    double nats = convention.base().nats();
    double tail = fine(Math.log1p(Math.exp(-Math.abs(x) * nats)) / nats);
    return fine(Math.min(x, 0) - tail);
  }

  private double power(double exponent) {
    return fine(base2 ? Math.pow(2, exponent) : Math.exp(exponent));
  }

  private double logarithm(double x) {
    return fine(Math.log(x) / convention.base().nats());
  }

  /** The number in the format of log-sum-exps. */
  private double fine(double x) {
    return formats.lse().round(x);
  }

  /** The number in the format of weighted outputs and their sums. */
  private double coarse(double x) {
    return formats.accumulator().round(x);
  }

  private static double[] rounded(DType format, double[] numbers) {
    return Arrays.stream(numbers).map(format::round).toArray();
  }

  /** A part, or what some of them were merged to. */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  private record State(double lse, double[] output) {}
}

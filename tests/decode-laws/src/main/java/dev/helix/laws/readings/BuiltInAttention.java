package dev.helix.laws.readings;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.exact.ExactLatentKernels;
import dev.helix.attention.exact.ExactLse;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.faults.rotary.RotaryRuleFault;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.fp64.Fp64LatentKernels;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.scalar.ScalarAttentionKernels;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.readings.AttentionRun.States;
import dev.helix.laws.readings.TurnedInput.Rotation;
import dev.helix.laws.rotary.RotaryAngles;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.RoundedArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Adapters around this project's own partial attention, which is each reading's {@code
 * flashDecode}. A shard becomes pages of few or many slots, as the case says, and the last page has
 * a tail of NaN. Each query token becomes a view of these pages. Values that are parts of their
 * keys share the page with them.
 */
public final class BuiltInAttention {
  private BuiltInAttention() {}

  /** The attention of all readings, by name. */
  public static Map<String, AttentionUnderTest> all() {
    Map<String, AttentionUnderTest> kernels = new LinkedHashMap<>();
    kernels.put("fp64 attention", fp64());
    kernels.put("exact attention", exact());
    kernels.put("scalar attention", scalar());
    kernels.put("fp32 attention", fp32());
    kernels.put("fp64 latent attention", fp64Latent());
    kernels.put("exact latent attention", exactLatent());
    return kernels;
  }

  /** The attention of the {@code fp64} reading. */
  public static AttentionUnderTest fp64() {
    return fp64((kernels, attention) -> attention, UnaryOperator.identity());
  }

  /** The attention of the {@code fp64} reading with a fault in it. */
  public static AttentionUnderTest fp64(AttentionFault fault) {
    return fp64(
        (kernels, attention) ->
            fault.kernels(
                new HealthyRank<>(RankRole.alone(), new RankNumbers<>(kernels), attention)),
        rotation ->
            fault instanceof RotaryRuleFault ofRule ? new FaultyRule(ofRule, rotation) : rotation);
  }

  /** Goes by other parameters than those of the layer. */
  private record FaultyRule(RotaryRuleFault fault, Rotation healthy) implements Rotation {
    @Override
    public double[] turned(double[] heads, int dims, RopeParameters rope, List<Integer> positions) {
      return healthy.turned(heads, dims, rope, positions);
    }

    @Override
    public RopeParameters used(RopeParameters rope) {
      return fault.turn().apply(rope);
    }

    @Override
    public RopeParameters usedInScores(RopeParameters rope) {
      return fault.score().apply(rope);
    }
  }

  private static AttentionUnderTest fp64(
      BiFunction<Kernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>>
          change,
      UnaryOperator<Rotation> changeOfRotation) {
    return adapter(
        Precision.FP64,
        () -> {
          Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
          Kernels<Fp64Tensor> kernels = new Fp64Kernels(rank, new Fp64Constants());
          AttentionKernels<Fp64Tensor> attention =
              change.apply(kernels, new Fp64AttentionKernels(rank));
          AttentionRun<Fp64Tensor> run = AttentionRun.of(kernels, attention, finished(kernels));
          return run.with(changeOfRotation.apply(run.rotation()));
        });
  }

  /** The attention of the {@code counting} reading. */
  public static AttentionUnderTest scalar() {
    return slow(Precision.FP64, () -> scalar(CountingArithmetic::new));
  }

  /** The scalar kernels with every result rounded to single precision. */
  public static AttentionUnderTest fp32() {
    return slow(Precision.FP32, () -> scalar(scope -> new RoundedArithmetic(DType.F32)));
  }

  private static AttentionRun<ScalarTensor<Double>> scalar(
      Function<RankScope, Arithmetic<Double>> arithmetic) {
    RankScope scope = RankScope.alone(0);
    ScalarRank<Double> rank = new ScalarRank<>(scope, arithmetic.apply(scope));
    ScalarKernels<Double> kernels = new ScalarKernels<>(rank, new ScalarConstants<>());
    return AttentionRun.of(kernels, new ScalarAttentionKernels<>(rank), finished(kernels));
  }

  /**
   * The attention of the {@code exact} reading, with each sum, quotient and logarithm rounded once.
   */
  public static AttentionUnderTest exact() {
    return adapter(
        Precision.FP64,
        () -> {
          ExactRank rank = new ExactRank(RankScope.alone(0));
          return AttentionRun.of(
              new ExactKernels(rank, new ExactConstants()),
              new ExactAttentionKernels(rank),
              BuiltInAttention::rounded);
        });
  }

  /**
   * The latent attention of the {@code fp64} reading, where values are the first components of the
   * latents.
   */
  public static AttentionUnderTest fp64Latent() {
    return latent(
        () -> {
          Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
          Kernels<Fp64Tensor> kernels = new Fp64Kernels(rank, new Fp64Constants());
          return AttentionRun.ofLatents(
              kernels, new Fp64LatentKernels(rank)::flashDecodeLatent, finished(kernels));
        });
  }

  /** The latent attention of the {@code exact} reading, rounded as in {@link #exact()}. */
  public static AttentionUnderTest exactLatent() {
    return latent(
        () -> {
          ExactRank rank = new ExactRank(RankScope.alone(0));
          return AttentionRun.ofLatents(
              new ExactKernels(rank, new ExactConstants()),
              new ExactLatentKernels(rank)::flashDecodeLatent,
              BuiltInAttention::rounded);
        });
  }

  private static <T extends Tensor> Function<PartialAttention<T>, States> finished(
      Kernels<T> kernels) {
    return part -> new States(kernels.toHost(part.output()), kernels.toHost(part.lse()));
  }

  private static States rounded(PartialAttention<ExactTensor> part) {
    List<ExactSums> values = part.output().sums("laws");
    int heads = part.lse().spec().size(Axis.HEADS);
    int dim = part.output().spec().size(Axis.HEAD_DIM);
    double[] outputs = new double[values.size() * dim];
    double[] lses = new double[values.size()];
    for (int at = 0; at < lses.length; at++) {
      ExactSums weights = part.lse().sums("laws").get(at / heads);
      int head = at % heads;
      lses[at] = ExactLse.lse(weights, head, LogBase.E);
      for (int i = 0; i < dim && !weights.isZero(head); i++) {
        outputs[at * dim + i] = values.get(at).roundQuotient(i, weights, head);
      }
    }
    return new States(outputs, lses);
  }

  private static <T extends Tensor> AttentionUnderTest adapter(
      Precision precision, Supplier<AttentionRun<T>> runs) {
    Set<AttentionFeature> features =
        EnumSet.complementOf(
            EnumSet.of(
                AttentionFeature.QUANTISATION_SCALES, AttentionFeature.YARN_WITHOUT_TRUNCATION));
    return adapter(precision, features, runs);
  }

  /** One whose numbers are objects. */
  private static <T extends Tensor> AttentionUnderTest slow(
      Precision precision, Supplier<AttentionRun<T>> runs) {
    Set<AttentionFeature> features = EnumSet.copyOf(adapter(precision, runs).features());
    features.remove(AttentionFeature.MILLION_TOKENS);
    return adapter(precision, features, runs);
  }

  /** Latents are kept with their rotary part turned. */
  private static <T extends Tensor> AttentionUnderTest latent(Supplier<AttentionRun<T>> runs) {
    Set<AttentionFeature> features = EnumSet.copyOf(AttentionFeature.withoutRotation());
    features.remove(AttentionFeature.QUANTISATION_SCALES);
    features.remove(AttentionFeature.SEPARATE_VALUES);
    return adapter(Precision.FP64, features, runs);
  }

  /** New kernels for each call, so that no constants pile up. */
  private static <T extends Tensor> AttentionUnderTest adapter(
      Precision precision, Set<AttentionFeature> features, Supplier<AttentionRun<T>> runs) {
    Convention convention = Convention.of(precision);
    return new AttentionUnderTest() {
      @Override
      public Convention convention() {
        return convention;
      }

      @Override
      public Set<AttentionFeature> features() {
        return features;
      }

      @Override
      public RotaryAngles angles() {
        return RotaryAngles.IN_DOUBLE;
      }

      @Override
      public Partial attend(AttentionInput shard) {
        return attend(List.of(shard)).get(0);
      }

      @Override
      public List<Partial> attend(List<AttentionInput> requests) {
        return runs.get().attend(requests);
      }
    };
  }
}

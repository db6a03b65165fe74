package dev.helix.tests.laws.decode;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.LatentKernels;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.DecodeVariant.Place;
import dev.helix.laws.decode.ExactDecodeUnderTest;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.function.BiFunction;

/** Decodes of which one part is changed, given the place of a rank and its correct part. */
final class FaultyDecodes {
  private FaultyDecodes() {}

  static DecodeUnderTest collectives(
      BiFunction<Place, Collectives<Fp64Tensor>, Collectives<Fp64Tensor>> change) {
    return new DecodeUnderTest() {
      @Override
      public Collectives<Fp64Tensor> collectives(Place place, Collectives<Fp64Tensor> correct) {
        return change.apply(place, correct);
      }
    };
  }

  static DecodeUnderTest kernels(
      BiFunction<Place, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>> change) {
    return new DecodeUnderTest() {
      @Override
      public AttentionKernels<Fp64Tensor> kernels(
          Place place, AttentionKernels<Fp64Tensor> correct) {
        return change.apply(place, correct);
      }
    };
  }

  static DecodeUnderTest latentKernels(
      BiFunction<Place, LatentKernels<Fp64Tensor>, LatentKernels<Fp64Tensor>> change) {
    return new DecodeUnderTest() {
      @Override
      public LatentKernels<Fp64Tensor> latentKernels(
          Place place, LatentKernels<Fp64Tensor> correct) {
        return change.apply(place, correct);
      }
    };
  }

  static ExactDecodeUnderTest exactCollectives(
      BiFunction<Place, Collectives<ExactTensor>, Collectives<ExactTensor>> change) {
    return new ExactDecodeUnderTest() {
      @Override
      public Collectives<ExactTensor> collectives(Place place, Collectives<ExactTensor> correct) {
        return change.apply(place, correct);
      }
    };
  }

  static ExactDecodeUnderTest exactKernels(
      BiFunction<Place, AttentionKernels<ExactTensor>, AttentionKernels<ExactTensor>> change) {
    return new ExactDecodeUnderTest() {
      @Override
      public AttentionKernels<ExactTensor> kernels(
          Place place, AttentionKernels<ExactTensor> correct) {
        return change.apply(place, correct);
      }
    };
  }

  static ExactDecodeUnderTest exactLatentKernels(
      BiFunction<Place, LatentKernels<ExactTensor>, LatentKernels<ExactTensor>> change) {
    return new ExactDecodeUnderTest() {
      @Override
      public LatentKernels<ExactTensor> latentKernels(
          Place place, LatentKernels<ExactTensor> correct) {
        return change.apply(place, correct);
      }
    };
  }
}

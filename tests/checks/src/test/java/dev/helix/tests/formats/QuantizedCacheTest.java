package dev.helix.tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.FormatEffect;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tries a cache in every format: the owner of a token rounds it once, so that no layout and no
 * strategy changes a bit, and the baseline finds every stored bit to be a right rounding.
 */
final class QuantizedCacheTest {
  private static final List<DecodeRequest> RAGGED =
      List.of(
          new DecodeRequest(List.of(1, 2, 3), 2),
          new DecodeRequest(List.of(6), 2),
          new DecodeRequest(List.of(7, 8), 1));

  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);

  private static final HelixStrategy ONE_RANK =
      new HelixStrategy(new Layout(1, 1, 1, 1), EACH_TURN);

  private static final List<CacheFormat> FORMATS = List.of(CacheFormat.values());

  /** One of each strategy; with TPA 8 two ranks keep each of the four KV heads. */
  private static final List<Strategy> OF_GROUPED_QUERY =
      List.of(
          ONE_RANK,
          new HelixStrategy(new Layout(4, 2, 8, 1), EACH_TURN),
          new TensorParallelStrategy(new Layout(1, 8, 8, 1)),
          new DataParallelStrategy(2, 2, 2, EACH_TURN, false),
          new MedhaStrategy(2, 2, 2, 1, EACH_TURN),
          new PipelineStrategy(2, new Layout(1, 2, 2, 1), 2));

  private static final List<Strategy> OF_LATENT =
      List.of(
          ONE_RANK,
          new HelixStrategy(new Layout(8, 1, 4, 2), EACH_TURN),
          new TensorParallelStrategy(new Layout(1, 4, 2, 2)),
          new DataParallelStrategy(2, 2, 1, EACH_TURN, false),
          new MedhaStrategy(4, 1, 1, 1, EACH_TURN),
          new PipelineStrategy(4, new Layout(1, 2, 1, 2), 3));

  static Stream<Arguments> formats() {
    return Stream.concat(
        Stream.of(
                CacheFormat.BF16,
                CacheFormat.FP8,
                CacheFormat.MXFP8,
                CacheFormat.NVFP4,
                CacheFormat.MXFP4)
            .map(format -> Arguments.of("recall-gqa", format, OF_GROUPED_QUERY)),
        Stream.of(CacheFormat.BF16, CacheFormat.FP8, CacheFormat.NVFP4)
            .map(format -> Arguments.of("recall-mla", format, OF_LATENT)));
  }

  /** All strategies in one format; in each of the others one rank and two strategies in turn. */
  private static List<Strategy> some(List<Strategy> all, CacheFormat format) {
    if (format == CacheFormat.NVFP4) {
      return all;
    }
    int others = all.size() - 1;
    int turn = FORMATS.indexOf(format);
    return List.of(ONE_RANK, all.get(1 + 2 * turn % others), all.get(1 + (2 * turn + 1) % others));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("formats")
  void everyLayoutAndStrategyHasTheSameBits(
      String model, CacheFormat format, List<Strategy> strategies) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      Set<String> digests = new HashSet<>();
      for (Strategy strategy : some(strategies, format)) {
        DecodePlan plan = new DecodePlan(checkpoint, strategy, RAGGED, Recording.STEPS, format);
        DecodeResult result =
            new DecodeRun(new ThreadRanks())
                .decode(plan, new ExactReading(), new DecodeListener() {});
        digests.add(LogitsDigest.ofAll(result));
        if (strategy == ONE_RANK && format == CacheFormat.NVFP4) {
          assertEquals(
              Optional.empty(), DefinitionCheck.firstDifference(checkpoint, format, result));
        }
      }
      assertEquals(1, digests.size());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("formats")
  void theBaselineFindsEveryStoredBitRight(
      String model, CacheFormat format, List<Strategy> strategies) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      // Each format is tried on another strategy.
      Strategy strategy = strategies.get(1 + FORMATS.indexOf(format) % (strategies.size() - 1));
      DecodePlan plan = new DecodePlan(checkpoint, strategy, RAGGED, Recording.TAPS, format);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
      Verification verification =
          Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
      assertTrue(verification.passed(), () -> verification.failures().toString());
    }
  }

  @Test
  void everyFormatIsAnotherFunction() {
    Set<String> digests = new HashSet<>();
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      List<CacheFormat> formats =
          Stream.of(CacheFormat.values()).filter(f -> f != CacheFormat.FP8_DS_MLA).toList();
      for (CacheFormat format : formats) {
        DecodePlan plan = new DecodePlan(checkpoint, ONE_RANK, RAGGED, Recording.STEPS, format);
        digests.add(
            LogitsDigest.ofAll(
                new DecodeRun(new ThreadRanks())
                    .decode(plan, new Fp64Reading(), new DecodeListener() {})));
      }
      assertEquals(formats.size(), digests.size());
    }
  }

  /** 48 columns of the down-projection on each of eight ranks are one and a half blocks of 32. */
  @Test
  void weightsAreRoundedBeforeAnyRankCutsThem() {
    Set<String> digests = new HashSet<>();
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa").quantized(WeightFormat.MXFP4)) {
      for (Strategy strategy : OF_GROUPED_QUERY.subList(0, 3)) {
        DecodePlan plan =
            new DecodePlan(checkpoint, strategy, RAGGED, Recording.STEPS, CacheFormat.MXFP4);
        digests.add(
            LogitsDigest.ofAll(
                new DecodeRun(new ThreadRanks())
                    .decode(plan, new ExactReading(), new DecodeListener() {})));
      }
      assertEquals(1, digests.size());
    }
  }

  /** One new token for each request, so that both runs have read the same tokens. */
  @Test
  void theEffectOfTheFormatsIsTheDistanceFromARunWithoutThem() {
    List<DecodeRequest> once =
        List.of(new DecodeRequest(List.of(1, 2, 3), 1), new DecodeRequest(List.of(7, 8), 1));
    try (Checkpoint stored = Checkpoint.embedded("recall-gqa")) {
      Checkpoint rounded = stored.quantized(WeightFormat.NVFP4);
      DecodePlan plan = new DecodePlan(rounded, ONE_RANK, once, Recording.STEPS, CacheFormat.MXFP8);
      DecodeResult with = decode(plan);
      DecodePlan other = new DecodePlan(stored, ONE_RANK, once, Recording.STEPS, CacheFormat.FP64);
      DecodeResult without = decode(other);
      double largest = 0;
      for (int request = 0; request < once.size(); request++) {
        double[] left = with.requests().get(request).logits().get(0);
        double[] right = without.requests().get(request).logits().get(0);
        for (int i = 0; i < left.length; i++) {
          largest = Math.max(largest, Math.abs(left[i] - right[i]));
        }
      }
      FormatEffect effect = FormatEffect.of(plan, with).orElseThrow();
      // The run without formats and the model beside it differ by their roundings alone.
      assertEquals(largest, effect.largestDifference(), largest * 1e-9);
      assertTrue(largest > 0.1, () -> "" + effect);
      assertEquals(Optional.empty(), FormatEffect.of(other, without));
    }
  }

  private static DecodeResult decode(DecodePlan plan) {
    return new DecodeRun(new ThreadRanks())
        .decode(plan, new Fp64Reading(), new DecodeListener() {});
  }
}

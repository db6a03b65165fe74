package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LatentEpsilon;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose {@code rms_norm_eps} is not what DeepSeek's code normalises latents with. */
class LatentEpsilonTest {
  private static final double IN_CONFIG = 0.01;
  private static final List<Integer> PROMPT = List.of(3, 7);

  /** Of values of about 1 behind sums of at most 12 terms, rounded to 2⁻⁵³ a few hundred times. */
  private static final double ROUNDING = 1e-12;

  @TempDir private Path directory;

  private final RandomModel model = RandomModel.deepSeek(31, 3, true, true, false, 1);

  @BeforeEach
  void writeModel() throws IOException {
    model.set("rms_norm_eps", IN_CONFIG);
    model.writeTo(directory);
  }

  @Test
  void eachEpsilonIsThatOfTheFormulaAndIsVerifiedAgainstTheBaseline() {
    double[] reference = attentionOutput(LatentEpsilon.REFERENCE);
    double[] config = attentionOutput(LatentEpsilon.CONFIG);
    assertNear(formula(1e-6), reference);
    assertNear(formula(IN_CONFIG), config);
    assertFalse(near(reference, config), "the two do not differ");
  }

  @Test
  void theExactReadingIsTheDefinitionWithEachEpsilon() {
    for (LatentEpsilon epsilon : LatentEpsilon.values()) {
      try (Checkpoint checkpoint = Checkpoint.open(directory, epsilon)) {
        DecodeResult result = decode(plan(checkpoint), new ExactReading());
        assertEquals(Optional.empty(), DefinitionCheck.firstDifference(checkpoint, result));
      }
    }
  }

  @Test
  void aModelIsOpenedWithTheEpsilonOfItsAuthors() {
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertEquals(1e-6, checkpoint.config().latentNormEpsilon());
      assertEquals(IN_CONFIG, checkpoint.config().rmsNormEpsilon());
    }
  }

  @Test
  void theProgramSaysSoWhereTheTwoDiffer() {
    String words =
        "compressed queries and latents are normalised with epsilon 1.0E-6, and not with the 0.01";
    assertTrue(said("reference").contains(words));
    assertFalse(said("config").contains("normalised"));
    HelixProgram.run("decode", "--latent-epsilon", "config")
        .assertRefused("--latent-epsilon: has no effect on a model without latent attention");
  }

  private String said(String epsilon) {
    HelixProgram program =
        HelixProgram.run(
            "decode",
            "--model",
            directory.toString(),
            "--latent-epsilon",
            epsilon,
            "--tokens",
            "3,7",
            "--max-new",
            "1",
            "--kvp",
            "2");
    assertEquals(0, program.status(), program.err());
    return program.out();
  }

  /** Of the first layer and the second token, from a run that is verified. */
  private double[] attentionOutput(LatentEpsilon epsilon) {
    try (Checkpoint checkpoint = Checkpoint.open(directory, epsilon)) {
      DecodePlan plan = plan(checkpoint);
      DecodeResult result = decode(plan, new Fp64Reading());
      Verification verification =
          Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
      assertTrue(verification.passed(), () -> verification.failures().toString());
      return result
          .taps()
          .orElseThrow()
          .row(new TapPoint(0, Quantity.ATTENTION_OUTPUT), new QueryToken(0, 1));
    }
  }

  private static DecodePlan plan(Checkpoint checkpoint) {
    return new DecodePlan(
        checkpoint,
        new HelixStrategy(new Layout(2, 1, 2, 1), PlacementRule.roundRobin(1)),
        List.of(new DecodeRequest(PROMPT, 1)),
        Recording.TAPS);
  }

  private static DecodeResult decode(DecodePlan plan, Reading<?> reading) {
    return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
  }

  /** The same, written out: 4 heads of 5 + 4 components, values of 3, a latent of 6, θ = 100. */
  private double[] formula(double epsilon) {
    double[][] inputs = new double[2][];
    double[][] entries = new double[2][];
    for (int position = 0; position < 2; position++) {
      int row = PROMPT.get(position) * RandomModel.HIDDEN;
      double[] embedded =
          Arrays.copyOfRange(
              model.tensor("model.embed_tokens.weight"), row, row + RandomModel.HIDDEN);
      inputs[position] = norm(embedded, "input_layernorm", IN_CONFIG);
      entries[position] = times("self_attn.kv_a_proj_with_mqa", inputs[position]);
    }
    double[] query =
        times(
            "self_attn.q_b_proj",
            norm(times("self_attn.q_a_proj", inputs[1]), "self_attn.q_a_layernorm", epsilon));
    double[] values = new double[RandomModel.HEADS * 3];
    for (int head = 0; head < RandomModel.HEADS; head++) {
      double[] weights = new double[2];
      double[][] ups = new double[2][];
      for (int position = 0; position < 2; position++) {
        double[] latent = Arrays.copyOf(entries[position], 6);
        double[] up =
            times("self_attn.kv_b_proj", norm(latent, "self_attn.kv_a_layernorm", epsilon));
        ups[position] = Arrays.copyOfRange(up, head * 8, head * 8 + 8);
        double score = 0;
        for (int i = 0; i < 5; i++) {
          score += query[head * 9 + i] * ups[position][i];
        }
        // Rotated by position·θ^(−pair/2), a score depends on the difference of the positions.
        for (int pair = 0; pair < 2; pair++) {
          double angle = (1 - position) * Math.pow(100, -pair / 2.0);
          double a = query[head * 9 + 5 + 2 * pair];
          double b = query[head * 9 + 6 + 2 * pair];
          double turned = a * Math.cos(angle) - b * Math.sin(angle);
          double other = a * Math.sin(angle) + b * Math.cos(angle);
          score += turned * entries[position][6 + 2 * pair];
          score += other * entries[position][7 + 2 * pair];
        }
        weights[position] = Math.exp(score / 3);
      }
      for (int i = 0; i < 3; i++) {
        values[head * 3 + i] =
            (weights[0] * ups[0][5 + i] + weights[1] * ups[1][5 + i]) / (weights[0] + weights[1]);
      }
    }
    return times("self_attn.o_proj", values);
  }

  private double[] times(String name, double[] x) {
    double[] matrix = model.tensor("model.layers.0." + name + ".weight");
    double[] product = new double[matrix.length / x.length];
    for (int i = 0; i < matrix.length; i++) {
      product[i / x.length] += matrix[i] * x[i % x.length];
    }
    return product;
  }

  private double[] norm(double[] x, String name, double epsilon) {
    double[] weight = model.tensor("model.layers.0." + name + ".weight");
    double mean = Arrays.stream(x).map(v -> v * v).sum() / x.length;
    double[] normed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      normed[i] = x[i] / Math.sqrt(mean + epsilon) * weight[i];
    }
    return normed;
  }

  private static void assertNear(double[] expected, double[] found) {
    assertTrue(
        near(expected, found), () -> Arrays.toString(expected) + "\n" + Arrays.toString(found));
  }

  private static boolean near(double[] expected, double[] found) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - found[i]) <= ROUNDING)) {
        return false;
      }
    }
    return expected.length == found.length;
  }
}

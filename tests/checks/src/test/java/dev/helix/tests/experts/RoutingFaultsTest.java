package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.RoutingCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.faults.ForwardingKernels;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router that cannot decide: all logits are equal, and the rule alone chooses. */
class RoutingFaultsTest {
  private static final Layout LAYOUT = new Layout(4, 1, 1, 4);
  private static final List<DecodeRequest> REQUESTS =
      List.of(new DecodeRequest(List.of(1, 2, 3, 4), 2), new DecodeRequest(List.of(5), 2));

  @TempDir private Path directory;

  @Test
  void amongEqualExpertsTheFirstGetAllTokensAndTheLastGroupsNone() throws IOException {
    Verification verification = run(new Fp64Reading());
    assertTrue(verification.passed(), () -> verification.failures().toString());
    int tokens = 4 + 1 + 1 + 1;
    for (RoutingCheck.Layer layer : verification.routing().layers()) {
      assertEquals(List.of(tokens, tokens, 0, 0), layer.tokensOfExperts());
    }
  }

  @Test
  void aRankThatBreaksTiesDifferentlyIsFoundOut() throws IOException {
    Verification verification = run(new OtherTies());
    assertFalse(verification.passed());
    String failures = verification.failures().toString();
    assertTrue(failures.contains("rank 2 differs from rank 0 at layer 0, routing"), failures);
  }

  private Verification run(Reading<?> reading) throws IOException {
    RandomModel model = RandomModel.mixtral(7, 4, 2);
    for (int layer = 0; layer < RandomModel.LAYERS; layer++) {
      String router = "model.layers." + layer + ".block_sparse_moe.gate.weight";
      Arrays.fill(model.tensor(router), 0);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(LAYOUT, PlacementRule.roundRobin(1)),
              REQUESTS,
              Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
      return Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    }
  }

  /** The fp64 reading, in which rank 2 takes the last of equal experts (ROCm/ATOM#1832). */
  private static final class OtherTies implements Reading<Fp64Tensor> {
    private final Fp64Reading correct = new Fp64Reading();

    @Override
    public String name() {
      return "other ties";
    }

    @Override
    public RankOperations<Fp64Tensor> on(Communicator communicator) {
      RankOperations<Fp64Tensor> operations = correct.on(communicator);
      if (communicator.rank() != 2) {
        return operations;
      }
      return new RankOperations<>(
          operations.scope(),
          new LastOfEquals(operations.kernels()),
          operations.attention(),
          operations.ffn(),
          operations.collectives(),
          operations.latent(),
          operations.moe());
    }
  }

  private static final class LastOfEquals extends ForwardingKernels<Fp64Tensor> {
    LastOfEquals(Kernels<Fp64Tensor> correct) {
      super(correct);
    }

    @Override
    public double[] toHost(Fp64Tensor x) {
      double[] values = healthy().toHost(x);
      if (x.spec().has(Axis.EXPERTS)) {
        int experts = x.spec().size(Axis.EXPERTS);
        for (int i = 0; i < values.length; i++) {
          values[i] += i % experts * 1e-10;
        }
      }
      return values;
    }
  }
}

package dev.helix.laws.decode;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.Routing;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamLaws;
import dev.helix.laws.UnderTest;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.fp64.Fp64Tensor;

/**
 * The sharded decode of this project with parts replaced: what a rank believes of the placement,
 * its kernels, its exchanges, its choice of experts. Without any method overridden it is the
 * program as it is.
 */
public interface DecodeUnderTest extends UnderTest {
  /**
   * One rank of a run.
   *
   * @param kvpIndex which shard of each request it keeps
   * @param placement as all ranks should have it
   * @param groupRule how the heads of its KVP group are scored, as the rank has it that brings
   *     sinks
   */
  record Place(int rank, int kvpIndex, RoundRobinPlacement placement, ScoreRule groupRule) {}

  /** The placement that a rank goes by. */
  default KvPlacement placement(Place place) {
    return place.placement();
  }

  /** The kernels that a rank launches. */
  default AttentionKernels<Fp64Tensor> kernels(Place place, AttentionKernels<Fp64Tensor> correct) {
    return correct;
  }

  /** The exchanges that a rank takes part in. */
  default Collectives<Fp64Tensor> collectives(Place place, Collectives<Fp64Tensor> correct) {
    return correct;
  }

  /** The experts that a rank chooses. */
  default Routing route(int rank, ExpertRouter router, double[] logits, int tokens) {
    return router.route(logits, tokens);
  }

  @Override
  default SeamLaws<DecodeCase> laws() {
    return new DecodeSeamLaws(this);
  }

  @Override
  default Seam seam() {
    return Seam.DECODE;
  }
}

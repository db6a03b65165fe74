package dev.helix.laws.decode;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;

/**
 * The sharded decode of this project in one reading, some parts of which may be replaced: the
 * placement that a rank follows, its kernels, its exchanges, and its choice of experts. If no
 * method is overridden, it is the program as it is.
 *
 * @param <T> the reading's tensor
 */
public interface DecodeVariant<T extends Tensor> extends UnderTest {
  /**
   * One rank of a run.
   *
   * @param kvpIndex which shard of each request it keeps
   * @param placement as all ranks should have it
   * @param groupRule how the heads of its KVP group are scored, as the rank has it that brings
   *     sinks
   */
  record Place(int rank, int kvpIndex, RoundRobinPlacement placement, ScoreRule groupRule) {}

  /** Creates the reading. Each run of the ranks has a new one. */
  Reading<T> reading();

  /** Whether "the same" in a law is equality of bits, and not of numbers within a bound. */
  boolean inBits();

  /** The placement that a rank follows. */
  default KvPlacement placement(Place place) {
    return place.placement();
  }

  /** The operations with which a rank decodes. The methods below may change them further. */
  default RankOperations<T> operations(Place place, RankOperations<T> correct) {
    return correct;
  }

  /** The attention kernels that a rank launches. */
  default AttentionKernels<T> kernels(Place place, AttentionKernels<T> correct) {
    return correct;
  }

  /** The further kernels that a rank launches where attention is latent. */
  default LatentKernels<T> latentKernels(Place place, LatentKernels<T> correct) {
    return correct;
  }

  /** The exchanges that a rank takes part in. */
  default Collectives<T> collectives(Place place, Collectives<T> correct) {
    return correct;
  }

  /**
   * The exchanges of a mixture's shared expert; by default they are the rank's own.
   *
   * @param rule rule of the routed experts beside it
   * @param kernels of the rank
   * @param own the exchanges that the rank takes part in
   */
  default Collectives<T> sharedExpertCollectives(
      Place place, RouterRule rule, Kernels<T> kernels, Collectives<T> own) {
    return own;
  }

  /**
   * The router with which a rank chooses experts.
   *
   * @param bias bias {@code [experts]}, which is added to scores for the choice but not for the
   *     weights
   */
  default ExpertRouter router(Place place, RouterRule rule, double[] bias) {
    return new ExpertRouter(rule, bias);
  }

  @Override
  default SeamTrials<DecodeCase> laws() {
    return new DecodeTrials<>(this);
  }

  @Override
  default Seam seam() {
    return Seam.DECODE;
  }
}

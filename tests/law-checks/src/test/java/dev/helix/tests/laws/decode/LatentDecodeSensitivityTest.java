package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.ForwardingLatentKernels;
import dev.helix.laws.Law;
import dev.helix.laws.UnderTest;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.ExactDecodeUnderTest;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Purpose;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of the decode can be broken in latent attention alone. */
class LatentDecodeSensitivityTest {
  /**
   * Components of what grouped-query attention exchanges for a head, at most; a latent has more.
   */
  private static final int HEAD_DIM = 4;

  @Test
  void anExchangeThatSwapsBlocksOfLatentsIsFoundOut() {
    DecodeUnderTest faulty =
        FaultyDecodes.collectives(
            (place, correct) ->
                new ForwardingCollectives<>(correct) {
                  @Override
                  public List<Fp64Tensor> allToAll(
                      Purpose purpose, Group group, Axis split, List<Fp64Tensor> tensors) {
                    List<Fp64Tensor> exchanged = correct.allToAll(purpose, group, split, tensors);
                    if (tensors.get(0).spec().has(Axis.HEAD_DIM)
                        && tensors.get(0).spec().size(Axis.HEAD_DIM) > HEAD_DIM) {
                      nextBlocks(exchanged.get(0));
                    }
                    return exchanged;
                  }
                });
    isLatentAlone(Law.DECODE_UNSHARDED, faulty);
    isLatentAlone(Law.DECODE_RELABELLED, faulty);
  }

  private static void nextBlocks(Fp64Tensor stack) {
    double[] numbers = stack.toArray();
    int block = numbers.length / stack.spec().size(Axis.SHARDS);
    for (int i = 0; i < numbers.length; i++) {
      stack.region().set(i, numbers[(i + block) % numbers.length]);
    }
  }

  @Test
  void aLatentShardThatOverlooksItsLastTokenIsFoundOut() {
    DecodeUnderTest faulty =
        FaultyDecodes.latentKernels(
            (place, correct) ->
                new ForwardingLatentKernels<>(correct) {
                  @Override
                  public PartialAttention<Fp64Tensor> flashDecodeLatent(
                      Piece piece,
                      Fp64Tensor queries,
                      List<KvView<Fp64Tensor>> views,
                      ScoreRule rule,
                      int value) {
                    return correct.flashDecodeLatent(piece, queries, shorter(views), rule, value);
                  }
                });
    isLatentAlone(Law.DECODE_UNSHARDED, faulty);
    isLatentAlone(Law.DECODE_RELABELLED, faulty);
  }

  @Test
  void latentValuesOfARanksOwnInTheLastBitShowInBits() {
    ExactDecodeUnderTest faulty =
        FaultyDecodes.exactLatentKernels(
            (place, correct) ->
                new ForwardingLatentKernels<>(correct) {
                  @Override
                  public ExactTensor expandValues(ExactTensor latents, ExactTensor valueUp) {
                    ExactTensor values = correct.expandValues(latents, valueUp);
                    return place.kvpIndex() == 1
                        ? ExchangeSensitivityTest.changed(place.rank(), values, Math::nextUp)
                        : values;
                  }
                });
    isLatentAlone(Law.DECODE_UNSHARDED, faulty);
    isLatentAlone(Law.DECODE_RELABELLED, faulty);
  }

  /** What grouped-query attention has no part in. */
  private static void isLatentAlone(Law law, UnderTest faulty) {
    String violation = DecodeLawSensitivityTest.violation(law, faulty);
    assertTrue(violation.contains("LatentShape"), violation);
  }

  private static List<KvView<Fp64Tensor>> shorter(List<KvView<Fp64Tensor>> views) {
    return views.stream()
        .map(
            view ->
                new KvView<>(
                    view.pages(), Math.max(0, view.length() - 1), view.first(), view.positions()))
        .toList();
  }
}

package dev.helix.attention.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the scalar kernels do beyond the contracts. */
final class ScalarAttentionKernelsTest {
  private final Run<ScalarTensor<Double>> run = Run.counting(0);
  private final ScalarTensor<Double> query = run.tensor(Run.queries(1, 1, 2), 1, 2);

  @Test
  void aSlotThatWasNeverWrittenIsNotRead() {
    List<KvPage<ScalarTensor<Double>>> pages = List.of(run.page(1, 1, 2));
    String message =
        assertThrows(
                IllegalStateException.class,
                () ->
                    run.attention()
                        .flashDecode(query, List.of(new KvView<>(pages, 1)), ScoreRule.ofScale(1)))
            .getMessage();
    assertTrue(message.contains("slots=1, headDim=2] of rank 0 is unset"), message);
  }

  @Test
  void pagesMayDifferInSize() {
    KvPage<ScalarTensor<Double>> large =
        run.pages(2, 1, 2, new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}).get(0);
    KvPage<ScalarTensor<Double>> small =
        run.pages(1, 1, 2, new double[] {-1, 2}, new double[] {9, 10}).get(0);
    List<KvPage<ScalarTensor<Double>>> one =
        run.pages(3, 1, 2, new double[] {1, 2, 3, 4, -1, 2}, new double[] {5, 6, 7, 8, 9, 10});
    assertArrayEquals(attend(one), attend(List.of(large, small)));
  }

  @Test
  void aPageOfOtherAxesIsRefused() {
    Spec turned =
        Spec.of(
            DType.BF16,
            new Dim(Axis.SLOTS, 1),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.HEAD_DIM, 2));
    ScalarTensor<Double> page = run.tensor(turned, 1, 2);
    Refusal.naming(
        () -> attend(List.of(new KvPage<>(page, page), new KvPage<>(page, page))),
        "flashDecode",
        "[kvHeads, slots, headDim]",
        "slots=1, kvHeads=1");
  }

  private double[] attend(List<KvPage<ScalarTensor<Double>>> pages) {
    PartialAttention<ScalarTensor<Double>> partial =
        run.attention().flashDecode(query, List.of(new KvView<>(pages, 3)), ScoreRule.ofScale(1));
    return run.host(partial.output());
  }
}

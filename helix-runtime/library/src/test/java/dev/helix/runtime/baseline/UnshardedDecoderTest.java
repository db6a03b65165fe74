package dev.helix.runtime.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UnshardedDecoderTest {
  @Test
  void greedyDecodingTakesInEachTokenThatItChose() {
    BaselineWeights weights = weights();
    List<Integer> prompt = List.of(2, 7, 1);
    List<Integer> continuation = new UnshardedDecoder(weights).greedy(prompt, 6);
    List<Integer> all = new ArrayList<>(prompt);
    all.addAll(continuation);
    UnshardedDecoder forced = new UnshardedDecoder(weights);
    for (int i = 0; i + 1 < all.size(); i++) {
      double[] logits = forced.next(all.get(i));
      assertEquals(TestModel.VOCABULARY, logits.length);
      if (i + 1 >= prompt.size()) {
        assertEquals(all.get(i + 1), UnshardedDecoder.mostLikely(logits), "token " + (i + 1));
      }
    }
    assertEquals(6, continuation.size());
    assertEquals(all.size() - 1, forced.position());
  }

  @Test
  void earlierTokensMatter() {
    UnshardedDecoder first = new UnshardedDecoder(weights());
    UnshardedDecoder second = new UnshardedDecoder(weights());
    first.next(1);
    second.next(2);
    double[] a = first.next(3);
    double[] b = second.next(3);
    assertTrue(Math.abs(a[0] - b[0]) > 1e-6);
  }

  @Test
  void requestsThatShareWeightsDoNotDisturbEachOther() {
    BaselineWeights weights = weights();
    UnshardedDecoder disturbed = new UnshardedDecoder(weights);
    UnshardedDecoder other = new UnshardedDecoder(weights);
    UnshardedDecoder alone = new UnshardedDecoder(weights());
    for (int token = 0; token < 5; token++) {
      other.next(10 - token);
      assertArrayEquals(alone.next(token), disturbed.next(token));
    }
  }

  @Test
  void ofEqualLogitsTheFirstWins() {
    assertEquals(1, UnshardedDecoder.mostLikely(new double[] {0, 5, 5, -1}));
  }

  @Test
  void eachTensorIsReadOnceAndATiedHeadNotAtAll() {
    Map<String, Integer> reads = new HashMap<>();
    Map<String, double[]> tensors = TestModel.tensors(1);
    tensors.remove("lm_head.weight");
    BaselineWeights tied =
        BaselineWeights.load(
            TestModel.sizes(true),
            name -> {
              reads.merge(name, 1, Integer::sum);
              return tensors.get(name);
            });
    assertEquals(tensors.keySet(), reads.keySet());
    assertTrue(reads.values().stream().allMatch(count -> count == 1));
    new UnshardedDecoder(tied).next(0);
    assertEquals(tensors.size(), reads.size());
  }

  @Test
  void aTiedHeadIsTheEmbeddingTable() {
    Map<String, double[]> tensors = TestModel.tensors(1);
    tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
    BaselineWeights tied = BaselineWeights.load(TestModel.sizes(true), tensors::get);
    BaselineWeights untied = BaselineWeights.load(TestModel.sizes(false), tensors::get);
    assertArrayEquals(new UnshardedDecoder(untied).next(4), new UnshardedDecoder(tied).next(4));
  }

  @Test
  void aTensorOfAnotherSizeIsNamed() {
    for (String name : TestModel.tensors(1).keySet()) {
      Map<String, double[]> tensors = TestModel.tensors(1);
      tensors.put(name, new double[7]);
      InvalidInputException thrown =
          assertThrows(
              InvalidInputException.class,
              () -> BaselineWeights.load(TestModel.sizes(false), tensors::get));
      assertTrue(thrown.getMessage().contains(name), thrown::getMessage);
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    UnshardedDecoder decoder = new UnshardedDecoder(weights());
    assertThrows(InvalidInputException.class, () -> decoder.next(TestModel.VOCABULARY));
    assertThrows(InvalidInputException.class, () -> decoder.next(-1));
    assertThrows(IllegalArgumentException.class, () -> decoder.greedy(List.of(), 1));
  }

  private static BaselineWeights weights() {
    return BaselineWeights.load(TestModel.sizes(false), TestModel.tensors(1)::get);
  }
}

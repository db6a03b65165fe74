package dev.helix.attention.convention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NamedConventionsTest {
  @Test
  void eachOfTheTenIsFoundByItsNameAndFillsAScreenAtMost() {
    assertEquals(10, NamedConventions.all().size());
    for (Convention convention : NamedConventions.all()) {
      assertEquals(convention, NamedConventions.named(convention.origin().name()));
      String text = convention.description();
      assertTrue(text.lines().count() <= 24, text);
      assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
      assertTrue(text.contains(convention.origin().date()), text);
    }
  }

  @Test
  void anUnknownNameIsToldInOneLineWithAllNames() {
    refused("flashinfer, vllm-dcp,", () -> NamedConventions.named("vllm"));
  }

  @Test
  void aConventionThatWasChangedSaysSo() {
    Convention changed = NamedConventions.FLASHINFER.base2().headsFirst();
    assertEquals("flashinfer, changed", changed.origin().name());
    assertEquals(LogBase.TWO, changed.base());
    assertEquals("own", Convention.of(Precision.FP64).base2().origin().name());
  }

  @Test
  void declarationsThatContradictEachOtherAreRefused() {
    Convention plain = Convention.of(Precision.BF16);
    refused("never gives any", () -> NamedConventions.RING.emptyAs(Double.POSITIVE_INFINITY));
    refused("(max, sum) pairs", () -> NamedConventions.RING.maxSum());
    refused(
        "log-sum-exps and no (max, sum) pairs",
        () -> plain.with(plain.layout().packed(Layout.Packing.PAIRS)));
    refused(
        "pairs have no place",
        () -> plain.maxSum().with(plain.layout().packed(Layout.Packing.BEHIND_OUTPUT)));
    refused(
        "only FP32 log-sum-exps",
        () ->
            Convention.of(Precision.FP64)
                .with(plain.layout().packed(Layout.Packing.BEHIND_OUTPUT)));
    refused(
        "such parts are never given",
        () ->
            NamedConventions.RING.with(
                NamedConventions.RING.weights().marked(Marks.byLength(Double.NaN))));
    refused("never fold", () -> Protocol.SCALE_AND_REDUCE.folding(true));
    refused("a ring folds", () -> Protocol.RING.folding(false));
    refused("got 3 to 2", () -> Contract.ANY.shards(3, 2));
    refused("at least one that is given", () -> new Marks(List.of(), List.of(), List.of(), false));
  }

  @Test
  void aMarkIsRoundedToTheFormatAndAnyMarkMayBeGivenByLength() {
    Convention marked = Convention.of(Precision.FP32).emptyAs(-1e30);
    assertEquals((double) -1e30f, marked.emptyLse());
    assertTrue(marked.marks().isReturned(-1e30f));
    Marks left = Marks.byLength(Double.NaN, -7.0);
    assertTrue(Double.isNaN(left.given(0)));
    assertEquals(-7, left.given(3));
  }

  private static void refused(String part, Executable wrong) {
    String message = assertThrows(InvalidInputException.class, wrong).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count());
  }
}

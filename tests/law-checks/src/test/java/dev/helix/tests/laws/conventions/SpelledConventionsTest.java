package dev.helix.tests.laws.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.attention.convention.Layout.Packing;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A textbook merge in double precision, that reads the arrays as their convention says, is right
 * whatever that convention is; and it is wrong if it reads one declaration differently.
 */
class SpelledConventionsTest {
  private static final List<MergeCase> CASES =
      MergeCases.of(1, 1).stream().filter(given -> !given.isLong()).toList();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "own,order=heads-first,lse-order=tokens-first",
        "own,shard-axis=second,lse-order=heads-first",
        "own,shard-axis=third,base=2,answer-base=e",
        "own,pad-heads=3,pad-dim=5,order=heads-first",
        "own,empty=-inf/inf/nan/-1.0E30",
        "own,lengths=yes,empty=nan/-7.0/3.5/inf,empty-answer=inf",
        "own,lengths=yes,empty=0.0,empty-answer=-inf,empty-output=finite,shards=2-3",
        "own,weights=max-sum,packing=pairs,base=2",
        "own,format=bf16,packing=behind-output",
        "own,format=fp32,packing=behind-output,shard-axis=second,pad-heads=1",
        "own,format=fp16,partials=fp32,sums=fp32,protocol=all-to-all,empty-row=anything",
        "own,empties=never,largest-lse=2000",
        "own,empties=not-in-all-shards,empty-output=zero,bypass=yes,shards=2"
      })
  void aMergeThatReadsItsConventionIsRight(String spelled) {
    Convention convention = ConventionSpelling.read(spelled);
    assertEquals(List.of(), broken(convention, convention), spelled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "own,lse-order=heads-first",
        "own,shard-axis=second",
        "own,pad-dim=1",
        "own,answer-base=2",
        "own,lengths=yes,empty=0.0,empty-answer=-inf"
      })
  void oneThatReadsItAsItsOwnIsWrong(String spelled) {
    Convention convention = ConventionSpelling.read(spelled);
    assertFalse(broken(convention, ConventionSpelling.read("own")).isEmpty(), spelled);
  }

  private static List<Law> broken(Convention declared, Convention read) {
    SeamTrials<MergeCase> laws = MergeUnderTest.of(declared, stack -> merged(stack, read)).laws();
    List<Law> broken = new ArrayList<>();
    for (Law law : Law.at(Seam.MERGE)) {
      boolean tried = law != Law.NEEDLE;
      if (tried && !LawSuite.verdict(law, laws, CASES).holds()) {
        broken.add(law);
      }
    }
    return broken;
  }

  private static Partial merged(PartialStack stack, Convention convention) {
    ArrayIndex in =
        new ArrayIndex(
            convention.layout(), stack.shards(), stack.tokens(), stack.heads(), stack.dim());
    ArrayIndex out =
        new ArrayIndex(convention.layout(), 1, stack.tokens(), stack.heads(), stack.dim());
    double[] outputs = new double[out.rows() * out.paddedDim()];
    double[] lses = new double[out.rows()];
    for (int token = 0; token < stack.tokens(); token++) {
      for (int head = 0; head < stack.heads(); head++) {
        int from = token < stack.mergedTokens() ? 0 : stack.shards() - 1;
        double[] row = row(stack, convention, in, token, head, from);
        lses[out.weight(0, token, head)] = row[0];
        int at = out.output(0, token, head) * out.paddedDim();
        System.arraycopy(row, 1, outputs, at, stack.dim());
      }
    }
    return new Partial(outputs, lses);
  }

  private static double[] row(
      PartialStack stack, Convention convention, ArrayIndex in, int token, int head, int from) {
    int[] living =
        IntStream.range(from, stack.shards())
            .filter(shard -> isLiving(stack, convention, in, shard, token, head))
            .toArray();
    double[] nats = new double[living.length];
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < nats.length; i++) {
      nats[i] =
          nats(stack, convention, in.weight(living[i], token, head), in, living[i], token, head);
      greatest = Double.isNaN(nats[i]) ? Double.NaN : Math.max(greatest, nats[i]);
    }
    double[] result = new double[stack.dim() + 1];
    if (living.length == 0) {
      result[0] = convention.marks().returned().get(0);
      return result;
    }
    double sum = 0;
    for (int i = 0; i < nats.length; i++) {
      double weight = Math.exp(nats[i] - greatest);
      sum += weight;
      int at = in.output(living[i], token, head) * in.paddedDim();
      for (int component = 0; component < stack.dim(); component++) {
        result[component + 1] += weight * stack.outputs()[at + component];
      }
    }
    LogBase answered = convention.weights().answered();
    DType answer = convention.formats().answer();
    boolean alone = living.length == 1 && answered == convention.base() && !stack.isPairs();
    for (int component = 1; component < result.length; component++) {
      result[component] = answer.round(result[component] / sum);
    }
    result[0] =
        alone
            ? stack.lses()[in.weight(living[0], token, head)]
            : convention.formats().lse().round(answered.fromNatural(greatest + Math.log(sum)));
    return result;
  }

  private static boolean isLiving(
      PartialStack stack, Convention convention, ArrayIndex in, int shard, int token, int head) {
    if (convention.marks().byLength()) {
      return stack.lengths()[shard * stack.tokens() + token] > 0;
    }
    double weight =
        (stack.isPairs() ? stack.maxima() : stack.lses())[in.weight(shard, token, head)];
    return !convention.marks().given().contains(weight);
  }

  private static double nats(
      PartialStack stack,
      Convention convention,
      int at,
      ArrayIndex in,
      int shard,
      int token,
      int head) {
    if (stack.isPairs()) {
      double[] pairs = stack.pairs();
      return convention.base().toNatural(pairs[2 * at]) + Math.log(pairs[2 * at + 1]);
    }
    double lse = stack.lses()[at];
    if (convention.layout().packing() == Packing.BEHIND_OUTPUT) {
      DType format = convention.formats().partial();
      int width = in.packedDim(format);
      int behind = in.output(shard, token, head) * width + in.paddedDim();
      long[] codes = stack.packed();
      long high = format.bytes() == 2 ? codes[behind + 1] << 16 : 0;
      lse = Float.intBitsToFloat((int) (codes[behind] | high));
    }
    return convention.base().toNatural(lse);
  }
}

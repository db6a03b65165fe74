package dev.helix.attention.convention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConventionSpellingTest {
  @Test
  void aNamedConventionIsSpelledByItsName() {
    for (Convention convention : NamedConventions.all()) {
      assertEquals(convention.origin().name(), ConventionSpelling.write(convention));
      assertEquals(convention, ConventionSpelling.read(convention.origin().name()));
    }
    assertEquals("own", ConventionSpelling.write(Convention.of(Precision.FP64)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "own,format=bf16,base=2,empty=-inf/nan,order=heads-first",
        "own,format=fp16,partials=fp32,sums=fp16,protocol=scale-and-reduce,weights=max-sum",
        "flashinfer,base=e,empties=anywhere,empty-output=anything,largest-lse=any",
        "vllm-dcp,lengths=yes,empty=nan/-7.0,empty-answer=-inf,shards=2-8,nan=lost",
        "trtllm-helix,weights=lse,answer-base=2,lse=yes,empty-row=finite",
        "ring,lse-order=tokens-first,shard-axis=third,pad-heads=3,pad-dim=5",
        "flashmla,flush=yes,function-ulps=4,renormalises=yes,bypass=yes,packing=behind-output"
      })
  void aChangedConventionIsReadAsItWasWritten(String text) {
    Convention convention = ConventionSpelling.read(text);
    assertEquals(convention, ConventionSpelling.read(ConventionSpelling.write(convention)));
    assertTrue(convention.description().lines().count() <= 26, convention.description());
  }

  @Test
  void aFormatTakesWhatHasTheFormatOfAnswersWithIt() {
    Formats formats = ConventionSpelling.read("flashmla,format=fp16").formats();
    assertEquals(new Formats(DType.F32, DType.F32, DType.F32, DType.F32, DType.F16), formats);
    Formats scaled = ConventionSpelling.read("vllm-dcp-agrs,format=fp16").formats();
    assertEquals(new Formats(DType.F16, DType.F32, DType.F32, DType.F16, DType.F16), scaled);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vllm|expected flashinfer",
        "vllm-dcp,colour=red|no key 'colour'",
        "vllm-dcp,base|expected base=VALUE",
        "vllm-dcp,base=10|base=10: expected e or 2, got '10'",
        "ring,folds=no|folds=no: protocol: a ring folds",
        "ring,empty=inf|empty=inf: a mark",
        "own,empty=5|empty=5: mark of a part",
        "own,protocol=tree|protocol=tree: expected unstated",
        "own,shards=9-2|shards=9-2: shards of a merge",
        "own,packing=pairs|packing=pairs: weights lie side by side",
        "own,pad-dim=999|pad-dim=999: expected 0 to 64",
        "own,largest-lse=x|largest-lse=x: expected a number"
      })
  void whatCannotBeReadIsToldInOneLineThatNamesIt(String text, String part) {
    String message =
        assertThrows(InvalidInputException.class, () -> ConventionSpelling.read(text)).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count());
  }
}

package dev.helix.laws.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.laws.Law;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeclarationTest {
  private static Optional<String> whyNotTried(String convention, Law law) {
    return Declaration.of(ConventionSpelling.read(convention)).whyNotTried(law);
  }

  @Test
  void aLawThatIsNotTriedHasItsReason() {
    assertEquals(
        Optional.of("a call takes 2 parts or more"), whyNotTried("vllm-dcp", Law.ONE_RANK));
    assertEquals(Optional.empty(), whyNotTried("own", Law.ONE_RANK));
    Declaration withoutLse = Declaration.of(ConventionSpelling.read("own")).withoutLse();
    assertEquals(Optional.of("no log-sum-exp is returned"), withoutLse.whyNotTried(Law.LSE_RANGE));
  }
}

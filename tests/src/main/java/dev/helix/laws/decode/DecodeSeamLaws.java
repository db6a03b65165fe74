package dev.helix.laws.decode;

import dev.helix.laws.Law;
import dev.helix.laws.SeamLaws;
import dev.helix.laws.Trial;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The laws of the decode on ranks, against one implementation. */
final class DecodeSeamLaws implements SeamLaws<DecodeCase> {
  private final DecodeUnderTest subject;

  DecodeSeamLaws(DecodeUnderTest subject) {
    this.subject = subject;
  }

  @Override
  public List<DecodeCase> cases(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> new DecodeCase(random)).limit(count).toList();
  }

  @Override
  public Trial trial(Law law, DecodeCase given) {
    return new DecodeTrial(law, subject, given);
  }

  @Override
  public List<DecodeCase> simpler(DecodeCase given) {
    return List.of();
  }
}

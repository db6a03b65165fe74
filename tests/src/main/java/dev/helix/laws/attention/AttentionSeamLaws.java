package dev.helix.laws.attention;

import dev.helix.laws.Law;
import dev.helix.laws.SeamLaws;
import dev.helix.laws.Trial;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The laws of partial attention, against one implementation. */
final class AttentionSeamLaws implements SeamLaws<AttentionCase> {
  private final AttentionUnderTest subject;

  AttentionSeamLaws(AttentionUnderTest subject) {
    this.subject = subject;
  }

  @Override
  public List<AttentionCase> cases(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> next(random)).limit(count).toList();
  }

  private AttentionCase next(SplittableRandom random) {
    return new AttentionCase(random, subject.convention().precision(), subject.features());
  }

  @Override
  public Trial trial(Law law, AttentionCase given) {
    return new AttentionTrial(law, subject, given);
  }

  @Override
  public List<AttentionCase> simpler(AttentionCase given) {
    return List.of();
  }
}

package dev.helix.laws.attention;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import java.util.List;

/** The laws of partial attention, against one implementation. */
final class AttentionTrials implements SeamTrials<AttentionCase> {
  private final AttentionUnderTest subject;

  AttentionTrials(AttentionUnderTest subject) {
    this.subject = subject;
  }

  @Override
  public List<AttentionCase> cases(long seed, int count) {
    return AttentionCases.of(subject.convention().precision(), subject.features(), seed, count);
  }

  @Override
  public Trial trial(Law law, AttentionCase given) {
    return new AttentionTrial(law, subject, given);
  }

  @Override
  public List<AttentionCase> simpler(AttentionCase given) {
    return given.simpler();
  }
}

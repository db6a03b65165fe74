package dev.helix.laws.merge;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import java.util.List;
import java.util.Map;

/** The laws of the merge, as they are held against one implementation. */
public final class MergeTrials implements SeamTrials<MergeCase> {
  private final Subject subject;

  /** Holds laws against this implementation. */
  public MergeTrials(Subject subject) {
    this.subject = subject;
  }

  @Override
  public List<MergeCase> cases(long seed, int count) {
    return MergeCases.of(seed, count);
  }

  @Override
  public Trial trial(Law law, MergeCase given) {
    return new MergeTrial(law, subject, given);
  }

  @Override
  public List<MergeCase> simpler(MergeCase given) {
    return given.simpler();
  }

  @Override
  public boolean applies(Law law) {
    return subject.declaration().checks(law);
  }

  @Override
  public boolean applies(Law law, MergeCase given) {
    return subject.declaration().checks(law, given);
  }

  @Override
  public Map<String, Integer> sizes(MergeCase given) {
    return given.sizes();
  }

  @Override
  public boolean isLong(MergeCase given) {
    return given.isLong();
  }

  @Override
  public boolean judgesAnswers() {
    return true;
  }
}

package dev.helix.laws.head;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import java.util.List;

/** The laws of the head, as they are held against one implementation. */
record HeadTrials(HeadUnderTest subject) implements SeamTrials<HeadCase> {
  @Override
  public List<HeadCase> cases(long seed, int count) {
    return HeadDrawing.CASES.of(seed, count);
  }

  @Override
  public Trial trial(Law law, HeadCase given) {
    return new HeadTrial(law, subject, given);
  }

  @Override
  public String inFull(HeadCase given) {
    return given.inFull();
  }

  @Override
  public List<HeadCase> simpler(HeadCase given) {
    return given.simpler();
  }

  @Override
  public boolean applies(Law law) {
    boolean ofLogits = law == Law.HEAD_LOGITS || law == Law.HEAD_NAN_IS_REPORTED;
    return subject.returnsLogits() || !ofLogits;
  }
}

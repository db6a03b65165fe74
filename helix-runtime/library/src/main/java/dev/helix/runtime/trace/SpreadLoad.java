package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The load of experts of which only expected numbers of assignments are known. */
final class SpreadLoad {
  private SpreadLoad() {}

  /** The expected load of a group of {@code local} experts for {@code tokens} tokens. */
  static Dispatch uniform(RouterRule rule, int local, int tokens) {
    double missed = 1 - (double) rule.topK() / rule.experts();
    double active = local * (1 - StrictMath.pow(missed, tokens));
    long share = Math.multiplyExact(Math.multiplyExact((long) tokens, rule.topK()), (long) local);
    int assignments = Math.toIntExact((share + rule.experts() - 1) / rule.experts());
    List<Integer> rows = new ArrayList<>(assignments);
    List<Integer> counts = new ArrayList<>(local);
    for (int expert = 0; expert < local; expert++) {
      int count = assignments / local + (expert < assignments % local ? 1 : 0);
      for (int i = 0; i < count; i++) {
        rows.add(rows.size() % tokens);
      }
      counts.add(count);
    }
    return new Dispatch(rows, Collections.nCopies(rows.size(), 1.0), counts, active);
  }
}

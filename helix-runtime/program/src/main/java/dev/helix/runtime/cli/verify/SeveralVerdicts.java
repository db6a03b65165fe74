package dev.helix.runtime.cli.verify;

import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the verdicts on several steps, layers and groups have in common: for each stage and fault
 * the layers and ranks that have it.
 */
final class SeveralVerdicts {
  private final Map<String, Where> wrong = new LinkedHashMap<>();

  private SeveralVerdicts() {}

  /** Where a stage is wrong with one fault. */
  private static final class Where {
    final Set<Integer> steps = new TreeSet<>();
    final Set<Integer> layers = new TreeSet<>();
    final Set<Integer> ranks = new TreeSet<>();
  }

  /** Lines for a terminal; none for a single verdict. */
  static List<String> lines(List<Judged> judged) {
    long convicted = judged.stream().filter(one -> one.verdict().isWrong()).count();
    if (judged.size() < 2 || convicted == 0) {
      return List.of();
    }
    SeveralVerdicts all = new SeveralVerdicts();
    judged.forEach(all::add);
    boolean steps = judged.stream().map(one -> one.dumped().moment().step()).distinct().count() > 1;
    List<String> lines = new ArrayList<>();
    lines.add("%d of %d verdicts are WRONG".formatted(convicted, judged.size()));
    all.wrong.forEach(
        (what, where) ->
            lines.add(
                "  %s%s, %s: %s"
                    .formatted(
                        steps ? Ranges.of("step", where.steps, -1) + ", " : "",
                        Ranges.of("layer", where.layers, -1),
                        Ranges.of("rank", where.ranks, -1),
                        what)));
    return List.copyOf(lines);
  }

  private void add(Judged one) {
    for (StageVerdict stage : one.verdict().stages()) {
      if (!stage.isWrong() || stage.follows()) {
        continue;
      }
      if (stage.explanations().isEmpty()) {
        add(one, stage.stage() + ", which no known fault explains", ranks(stage));
      }
      for (Explanation explanation : stage.explanations()) {
        String fault =
            explanation.best().stream()
                .findFirst()
                .map(fit -> ", \"" + fit.fault() + "\"" + others(explanation.best().size() - 1))
                .orElse(", which no known fault explains");
        add(one, stage.stage() + fault, explanation.ranks());
      }
    }
  }

  private static String others(int count) {
    return count == 0 ? "" : " or " + (count == 1 ? "another" : count + " others");
  }

  private static Set<Integer> ranks(StageVerdict stage) {
    Set<Integer> ranks = new TreeSet<>();
    stage.tally().wrongPlaces().forEach(place -> ranks.add(place.rank()));
    return ranks;
  }

  private void add(Judged one, String what, Set<Integer> ranks) {
    Where where = wrong.computeIfAbsent(what, key -> new Where());
    where.steps.add(one.dumped().moment().step());
    where.layers.add(one.dumped().moment().layer());
    ranks.forEach(rank -> where.ranks.add(rank + one.dumped().firstRank()));
  }
}

package dev.helix.laws.cache;

import dev.helix.laws.cache.CacheStep.Brought;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The steps of some requests that share one sharded cache.
 *
 * @param hard the documented hard cases that this case is one of
 */
public record CacheCase(
    int ranks, int runLength, int pageSlots, List<CacheStep> steps, Set<CacheHardCase> hard) {
  public CacheCase {
    steps = List.copyOf(steps);
    hard = Set.copyOf(hard);
  }

  CacheCase with(List<CacheStep> others) {
    return new CacheCase(ranks, runLength, pageSlots, others, hard);
  }

  /** The form of the cache, with as many pages on each rank as round robin ever needs. */
  CacheForm form() {
    Map<Integer, Integer> tokens = new HashMap<>();
    int most = 0;
    for (CacheStep step : steps) {
      for (Brought one : step.brought()) {
        tokens.merge(one.request(), one.tokens(), Integer::sum);
      }
      for (int rank = 0; rank < ranks; rank++) {
        int own = rank;
        int pages = tokens.values().stream().mapToInt(count -> pages(own, count)).sum();
        most = Math.max(most, pages);
      }
      step.brought().forEach(one -> tokens.merge(one.request(), -one.rejected(), Integer::sum));
      step.closed().forEach(tokens::remove);
    }
    return new CacheForm(ranks, runLength, pageSlots, Math.max(1, most));
  }

  private int pages(int rank, int tokens) {
    int own = 0;
    for (int position = 0; position < tokens; position++) {
      own += position / runLength % ranks == rank ? 1 : 0;
    }
    return (own + pageSlots - 1) / pageSlots;
  }

  /**
   * Simpler cases: fewer steps, tokens and ranks, and steps with less padding, fewer drafts or
   * fewer ends of requests.
   */
  List<CacheCase> simpler() {
    List<CacheCase> simpler = new ArrayList<>();
    if (ranks > 1) {
      simpler.add(new CacheCase(1, 1, pageSlots, steps, hard));
      simpler.add(new CacheCase(ranks - 1, runLength, pageSlots, steps, hard));
    }
    if (runLength > 1) {
      simpler.add(new CacheCase(ranks, 1, pageSlots, steps, hard));
    }
    for (int step = 0; step < steps.size(); step++) {
      List<CacheStep> others = new ArrayList<>(steps);
      others.remove(step);
      simpler.add(with(others));
      CacheStep all = steps.get(step);
      for (CacheStep less : List.of(all.withoutPadding(), all.withoutDrafts(), all.withoutEnds())) {
        if (!less.equals(all)) {
          others = new ArrayList<>(steps);
          others.set(step, less);
          simpler.add(with(others));
        }
      }
      for (int at = 0; at < all.brought().size(); at++) {
        Brought one = all.brought().get(at);
        List<Brought> fewer = new ArrayList<>(all.brought());
        fewer.remove(at);
        if (one.tokens() > 1) {
          fewer.add(
              at,
              new Brought(
                  one.request(), one.tokens() - 1, Math.min(one.rejected(), one.tokens() - 1)));
        }
        others = new ArrayList<>(steps);
        others.set(step, new CacheStep(fewer, all.padding(), all.closed()));
        simpler.add(with(others));
      }
    }
    return simpler;
  }

  /** The size of the case; simpler cases are smaller. */
  int size() {
    int size = 100 * ranks + 10 * runLength;
    for (CacheStep step : steps) {
      size += 5 + 2 * step.rows() + step.closed().size();
      size += step.brought().stream().mapToInt(Brought::rejected).sum();
    }
    return size;
  }

  @Override
  public String toString() {
    return "%d ranks, runs of %d, pages of %d slots; steps: %s%s"
        .formatted(
            ranks,
            runLength,
            pageSlots,
            String.join("; ", steps.stream().map(CacheStep::toString).toList()),
            hard.isEmpty() ? "" : "; " + hard);
  }
}

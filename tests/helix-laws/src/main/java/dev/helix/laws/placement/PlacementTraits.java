package dev.helix.laws.placement;

import dev.helix.laws.Trait;
import java.util.Set;
import java.util.stream.IntStream;

/** Traits of a token whose place is asked for, alone or as a row of a step. */
final class PlacementTraits {
  private PlacementTraits() {}

  /** The traits of a token of a request. */
  static Set<Trait> of(PlacementRule rule, PlacedRequest request, int position) {
    return noted(new Trait.Noted(), rule, request, position).all();
  }

  /** The traits of a row of a step, those of the step before those of the token. */
  static Set<Trait> of(PlacementRule rule, PlacementStep step, int request, int position) {
    boolean alike =
        IntStream.range(0, step.requests().size()).map(step::brought).distinct().count() == 1;
    Trait.Noted noted =
        new Trait.Noted()
            .note("of steps to which requests bring different numbers of tokens", !alike)
            .note("of requests that are not the first of their step", request > 0)
            .note("of requests that bring several tokens to a step", step.brought(request) > 1);
    return noted(noted, rule, step.requests().get(request), position).all();
  }

  private static Trait.Noted noted(
      Trait.Noted noted, PlacementRule rule, PlacedRequest request, int position) {
    int run = runLength(rule);
    int round = run * rule.shards();
    boolean generated = position >= request.prompt();
    return noted
        .note(
            "of tokens generated after a prompt that ends within a round",
            generated && request.prompt() % round != 0)
        .note("of generated tokens", generated)
        .note("of turns that begin at a phase", phase(rule) > 0)
        .note("of the last token of a run", run > 1 && position % run == run - 1)
        .note("of tokens behind the first round", position >= round)
        .note("of tokens behind the first run", position >= run)
        .note("of runs of several tokens", run > 1)
        .note("of three or more shards", rule.shards() > 2)
        .note("of several shards", rule.shards() > 1)
        .note("of prompts", !generated);
  }

  private static int runLength(PlacementRule rule) {
    if (rule instanceof PlacementRule.RoundRobin turns) {
      return turns.runLength();
    }
    if (rule instanceof PlacementRule.Restarted turns) {
      return turns.runLength();
    }
    return rule instanceof PlacementRule.VirtualPages pages ? pages.runLength() : 1;
  }

  private static int phase(PlacementRule rule) {
    return rule instanceof PlacementRule.RoundRobin turns ? turns.phase() : 0;
  }
}

package dev.helix.laws.placement;

import dev.helix.laws.DrawnCases;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Draws cases of placement, with a source of randomness and the rules that the implementation has.
 */
final class PlacementDrawing {
  private static final int[] RUNS = {1, 1, 2, 3, 5, 16};

  private final SplittableRandom random;
  private final List<PlacementKind> kinds;

  private PlacementDrawing(SplittableRandom random, List<PlacementKind> kinds) {
    this.random = random;
    this.kinds = kinds;
  }

  /**
   * A source of cases with every hard case and at least one case of each rule.
   *
   * @throws IllegalArgumentException if there is no rule
   */
  static DrawnCases<PlacementCase> cases(Set<PlacementKind> rules) {
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(
          "a placement under test names at least one rule, got none");
    }
    List<PlacementKind> kinds = rules.stream().sorted().toList();
    List<Function<SplittableRandom, PlacementCase>> hard = new ArrayList<>();
    for (PlacementHardCase each : PlacementHardCase.values()) {
      List<PlacementKind> possible =
          kinds.stream().filter(kind -> !each.excluded().contains(kind)).toList();
      if (!possible.isEmpty()) {
        hard.add(random -> each.make(new PlacementDrawing(random, possible)));
      }
    }
    kinds.forEach(
        kind -> hard.add(random -> new PlacementDrawing(random, List.of(kind)).ordinary()));
    return new DrawnCases<>(hard, random -> new PlacementDrawing(random, kinds).ordinary());
  }

  int from(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean maybe() {
    return random.nextBoolean();
  }

  /** A few requests of prompts in parts, and steps of one token or some drafts. */
  private PlacementCase ordinary() {
    int shards = from(1, 8);
    int run = RUNS[random.nextInt(RUNS.length)];
    int steps = from(1, 6);
    List<Integer> prompts = new ArrayList<>();
    List<List<Integer>> generated = new ArrayList<>();
    for (int request = from(1, 3); request > 0; request--) {
      prompts.add(from(0, Math.min(70, 2 * shards * run + 3)));
      generated.add(random.ints(steps, 0, 5).map(n -> n == 4 ? 1 : n).boxed().toList());
    }
    return several(Set.of(), shards, run, prompts, generated);
  }

  /** A case of one request, whose steps include its prompt. */
  PlacementCase one(PlacementHardCase hard, int shards, int run, int prompt, List<Integer> steps) {
    List<Integer> others = steps.subList(1, steps.size());
    return several(Set.of(hard), shards, run, List.of(prompt), List.of(others));
  }

  /**
   * A case of several requests, with their prompts and the number of tokens that each step
   * generates for each of them.
   */
  PlacementCase several(
      PlacementHardCase hard,
      int shards,
      int run,
      List<Integer> prompts,
      List<List<Integer>> generated) {
    return several(Set.of(hard), shards, run, prompts, generated);
  }

  private PlacementCase several(
      Set<PlacementHardCase> hard,
      int shards,
      int run,
      List<Integer> prompts,
      List<List<Integer>> generated) {
    boolean inTwo = maybe();
    List<PlacedRequest> requests = new ArrayList<>();
    for (int request = 0; request < prompts.size(); request++) {
      int prompt = prompts.get(request);
      int first = inTwo ? random.nextInt(prompt + 1) : prompt;
      List<Integer> steps =
          new ArrayList<>(inTwo ? List.of(first, prompt - first) : List.of(first));
      steps.addAll(generated.get(request));
      requests.add(new PlacedRequest(prompt, steps, List.of()));
    }
    int longest = requests.stream().mapToInt(PlacedRequest::tokens).max().orElseThrow();
    PlacementRule rule = rule(kinds.get(random.nextInt(kinds.size())), shards, run, longest);
    if (rule.kind() == PlacementKind.BY_CACHE_SLOT) {
      requests.replaceAll(this::allocated);
    }
    return new PlacementCase(rule, requests, hard);
  }

  /** A rule of a kind; one shard alone has no phase, so that it gets another. */
  private PlacementRule rule(PlacementKind kind, int shards, int run, int tokens) {
    return switch (kind) {
      case ROUND_ROBIN -> new PlacementRule.RoundRobin(shards, run, 0);
      case ROUND_ROBIN_FROM_A_PHASE -> {
        int several = Math.max(2, shards);
        yield new PlacementRule.RoundRobin(several, run, from(1, several * run - 1));
      }
      case CONTIGUOUS -> new PlacementRule.Contiguous(shards, Math.max(1, tokens) + from(0, 4));
      case BY_CACHE_SLOT -> new PlacementRule.ByCacheSlot(shards);
      case RESTARTED -> new PlacementRule.Restarted(shards, run, false);
      case RESTARTED_BY_STEPS -> new PlacementRule.Restarted(shards, run, true);
      case VIRTUAL_PAGES -> new PlacementRule.VirtualPages(shards, run, run * from(1, 3));
      case OWN -> new PlacementRule.Own(shards);
    };
  }

  /** Slots of a cache that other requests have used before. */
  private PlacedRequest allocated(PlacedRequest request) {
    List<Integer> free = new ArrayList<>(IntStream.range(0, 2 * request.tokens()).boxed().toList());
    Collections.shuffle(free, new Random(random.nextLong()));
    return new PlacedRequest(request.prompt(), request.steps(), free.subList(0, request.tokens()));
  }
}

package dev.helix.laws.placement.files;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.laws.foreign.AnswerTensors;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementCase;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.placement.TokenPlacement;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Questions to a placement as a safetensors file, and its answers. All numbers are integers.
 *
 * <p>Of question N the metadata have {@code N.rule}, the name of a {@link PlacementKind} in lower
 * case with hyphens. The file has the scalars {@code N.shards}, {@code N.rank}, {@code N.prompt},
 * and as the rule needs them {@code N.run_length}, {@code N.phase}, {@code N.capacity}, {@code
 * N.page_slots}; {@code N.steps}, the number of tokens that each step brought; {@code
 * N.cache_slots} {@code [tokens]}, for the rule that deals by them; {@code N.positions} {@code [P]}
 * and {@code N.places} {@code [P, 2]}, pairs of a shard and a slot. Answers are {@code N.owners}
 * and {@code N.slots} {@code [P]}, of these positions; {@code N.lengths} {@code [P + 1, shards]},
 * how many of the tokens before each position, and of all, a shard has; and {@code N.back} {@code
 * [P]}, the positions of the tokens in these places.
 */
public final class PlacementFiles
    implements ForeignSeam<PlacementCase, PlacedView, TokenPlacement> {
  private static final List<Integer> SCALAR = List.of();

  private final Set<PlacementKind> rules;

  /**
   * Prepares files for a placement that knows these rules.
   *
   * @throws IllegalArgumentException if one of them is known to the implementation alone
   */
  public PlacementFiles(Set<PlacementKind> rules) {
    if (rules.contains(PlacementKind.OWN)) {
      throw new IllegalArgumentException("a program is asked by a rule that the laws know");
    }
    this.rules = Set.copyOf(rules);
  }

  @Override
  public SeamTrials<PlacementCase> laws(Function<PlacedView, Supplier<TokenPlacement>> program) {
    return new AskedByRequest(
        new PlacementUnderTest() {
          @Override
          public Set<PlacementKind> rules() {
            return rules;
          }

          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            return program.apply(new PlacedView(rule, request, rank)).get();
          }
        }.laws());
  }

  /**
   * The laws but that of steps: a program is asked for each request by itself, so that it holds
   * whatever the program does.
   */
  private record AskedByRequest(SeamTrials<PlacementCase> all)
      implements SeamTrials<PlacementCase> {
    @Override
    public List<PlacementCase> cases(long seed, int count) {
      return all.cases(seed, count);
    }

    @Override
    public Trial trial(Law law, PlacementCase given) {
      return all.trial(law, given);
    }

    @Override
    public List<PlacementCase> simpler(PlacementCase given) {
      return all.simpler(given);
    }

    @Override
    public boolean applies(Law law) {
      return law != Law.PLACEMENT_STEPS;
    }
  }

  @Override
  public void add(List<PlacedView> questions, SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      add(number + ".", questions.get(number), writer);
    }
    writer.metadata("seam", "placement").metadata("cases", String.valueOf(questions.size()));
  }

  private static void add(String name, PlacedView view, SafetensorsWriter writer) {
    PlacementRule rule = view.rule();
    PlacedRequest request = view.request();
    writer.metadata(name + "rule", rule.kind().label());
    scalar(writer, name + "shards", rule.shards());
    scalar(writer, name + "rank", view.rank());
    scalar(writer, name + "prompt", request.prompt());
    if (rule instanceof PlacementRule.RoundRobin turns) {
      scalar(writer, name + "run_length", turns.runLength());
      scalar(writer, name + "phase", turns.phase());
    } else if (rule instanceof PlacementRule.Restarted turns) {
      scalar(writer, name + "run_length", turns.runLength());
    } else if (rule instanceof PlacementRule.VirtualPages pages) {
      scalar(writer, name + "run_length", pages.runLength());
      scalar(writer, name + "page_slots", pages.pageSlots());
    } else if (rule instanceof PlacementRule.Contiguous parts) {
      scalar(writer, name + "capacity", parts.capacity());
    } else {
      writer.integers(
          name + "cache_slots", List.of(request.cacheSlots().size()), longs(request.cacheSlots()));
    }
    writer
        .integers(name + "steps", List.of(request.steps().size()), longs(request.steps()))
        .integers(
            name + "positions",
            List.of(count(view)),
            Arrays.stream(view.positions()).asLongStream().toArray())
        .integers(name + "places", List.of(count(view), 2), view.places());
  }

  private static int count(PlacedView view) {
    return view.positions().length;
  }

  private static void scalar(SafetensorsWriter writer, String name, int value) {
    writer.integers(name, SCALAR, new long[] {value});
  }

  private static long[] longs(List<Integer> numbers) {
    return numbers.stream().mapToLong(Integer::longValue).toArray();
  }

  @Override
  public TokenPlacement read(SafetensorsFile file, int number, PlacedView question) {
    long count = count(question);
    List<Long> each = List.of(count);
    List<Long> lengths = List.of(count + 1, (long) question.rule().shards());
    return new AnsweredPlacement(
        question,
        AnswerTensors.integers(file, number + ".owners", each),
        AnswerTensors.integers(file, number + ".slots", each),
        AnswerTensors.integers(file, number + ".lengths", lengths),
        AnswerTensors.integers(file, number + ".back", each));
  }

  @Override
  public Optional<TokenPlacement> anyAnswer(PlacedView question) {
    int[] each = new int[count(question)];
    int[] lengths = new int[(count(question) + 1) * question.rule().shards()];
    return Optional.of(new AnsweredPlacement(question, each, each, lengths, each));
  }

  @Override
  public long size(PlacedView question) {
    return 4L * count(question) + question.request().cacheSlots().size() + 20;
  }
}

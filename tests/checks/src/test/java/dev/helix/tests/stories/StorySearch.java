package dev.helix.tests.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.attention.faults.quantized.StorageFaults;
import dev.helix.laws.Law;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Decodes stories with one shipped fault after the other switched on, under every legal layout of
 * up to 8 ranks, with tokens dealt in runs of 16 and one by one, and looks at the text alone.
 */
final class StorySearch {
  private static final long SEED = 18;

  /** The answer and ". Where is the"; then the model is free to ask for what it likes. */
  private static final int NEW_TOKENS = 5;

  private static final int MOST_RANKS = 8;
  private static final HelixStrategy UNSHARDED =
      new HelixStrategy(Layout.dense(1, 1), PlacementRule.roundRobin(16));

  private final Checkpoint checkpoint;
  private final String[] words;
  private final List<RecallQuestions> stories;
  private final List<DecodeRequest> requests;
  private final List<HelixStrategy> layouts;
  private final Map<CacheFormat, List<List<Integer>>> right = new HashMap<>();

  /**
   * Prepares a search.
   *
   * @param checkpoint the model, which stays open as long as the search is used
   * @param stories how many stories are told
   */
  StorySearch(Checkpoint checkpoint, int stories) throws IOException {
    this.checkpoint = checkpoint;
    this.stories = drawn(stories);
    JsonNode ids = new ObjectMapper().readTree(checkpoint.tokenizerJson()).at("/model/vocab");
    this.words = new String[checkpoint.config().vocabularySize()];
    ids.properties().forEach(entry -> words[entry.getValue().intValue()] = entry.getKey());
    this.requests =
        this.stories.stream()
            .map(
                story -> {
                  List<Integer> tokens = new ArrayList<>(List.of(ids.get("<bos>").intValue()));
                  story.story().forEach(word -> tokens.add(ids.get(word).intValue()));
                  return new DecodeRequest(tokens, NEW_TOKENS);
                })
            .toList();
    this.layouts = legal();
  }

  /** Stories of 20 to 110 words, so that in some of them ranks have no token. */
  private static List<RecallQuestions> drawn(int stories) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<RecallQuestions> drawn = new ArrayList<>();
    for (int i = 0; i < stories; i++) {
      drawn.add(RecallQuestions.draw(random, 20 + random.nextInt(90)));
    }
    return List.copyOf(drawn);
  }

  List<HelixStrategy> layouts() {
    return layouts;
  }

  private List<HelixStrategy> legal() {
    List<HelixStrategy> legal = new ArrayList<>();
    for (int tpa : List.of(1, 2, 4)) {
      for (int kvp = 1; kvp * tpa <= MOST_RANKS; kvp *= 2) {
        Layout layout = Layout.dense(kvp, tpa);
        legal.add(new HelixStrategy(layout, PlacementRule.roundRobin(16)));
        if (kvp > 1) {
          legal.add(new HelixStrategy(layout, PlacementRule.roundRobin(1)));
        }
      }
    }
    return List.copyOf(legal);
  }

  /** Tells all stories with a fault switched on, under some of the layouts. */
  FaultOnStories of(Fault fault, List<HelixStrategy> under) {
    CacheFormat format = cacheOf(fault);
    List<List<Integer>> expected = right.computeIfAbsent(format, this::unsharded);
    int other = 0;
    int stopped = 0;
    int changedLayouts = 0;
    Optional<FaultOnStories.Example> example = Optional.empty();
    for (HelixStrategy layout : under) {
      List<Optional<List<Integer>>> texts = texts(fault, layout, format);
      boolean changed = false;
      for (int story = 0; story < texts.size(); story++) {
        Optional<List<Integer>> text = texts.get(story);
        if (text.isEmpty()) {
          stopped++;
        } else if (!text.get().equals(expected.get(story))) {
          other++;
          if (example.isEmpty()) {
            example = Optional.of(example(story, layout, expected.get(story), text.get()));
          }
        } else {
          continue;
        }
        changed = true;
      }
      changedLayouts += changed ? 1 : 0;
    }
    return new FaultOnStories(
        fault.story().name(),
        SwitchableFaults.key(fault),
        fault.story().seenIn(),
        fault.seam().name().toLowerCase(Locale.ROOT),
        format.toString(),
        under.size() * stories.size(),
        other,
        stopped,
        changedLayouts,
        other + stopped == 0 && verified(fault, format),
        laws(fault),
        example);
  }

  /** The example of a row of the table, found again by decoding its story under its layout. */
  Optional<FaultOnStories.Example> repeated(FaultOnStories row) {
    FaultOnStories.Example kept = row.example().orElseThrow();
    Fault fault = SwitchableFaults.named(row.key()).orElseThrow();
    HelixStrategy layout =
        layouts.stream().filter(l -> options(l).equals(kept.layout())).findFirst().orElseThrow();
    for (int at = 0; at < stories.size(); at++) {
      int story = at;
      if (String.join(" ", stories.get(story).story()).equals(kept.story())) {
        List<DecodeRequest> told = List.of(requests.get(story));
        CacheFormat format = cacheOf(fault);
        List<Integer> expected =
            decode(plan(UNSHARDED, told, format), Optional.empty()).requests().get(0).newTokens();
        Optional<List<Integer>> text =
            alone(told.get(0), new SwitchedOn(fault, FaultSite.EVERYWHERE), layout, format);
        return text.filter(said -> !said.equals(expected))
            .map(said -> example(story, layout, expected, said));
      }
    }
    return Optional.empty();
  }

  private FaultOnStories.Example example(
      int story, HelixStrategy layout, List<Integer> expected, List<Integer> text) {
    int at = 0;
    while (at < text.size() && at < expected.size() && text.get(at).equals(expected.get(at))) {
      at++;
    }
    return new FaultOnStories.Example(
        String.join(" ", stories.get(story).story()),
        options(layout),
        at,
        words[expected.get(at)],
        words[text.get(at)]);
  }

  private static String options(HelixStrategy layout) {
    return "--kvp %d --tpa %d --run-length %d"
        .formatted(layout.layout().kvp(), layout.layout().tpa(), layout.placement().runLength());
  }

  /** Whether the verification finds nothing on one rank and on eight, with the first stories. */
  private boolean verified(Fault fault, CacheFormat format) {
    SwitchedOn on = new SwitchedOn(fault, FaultSite.EVERYWHERE);
    List<DecodeRequest> first = requests.subList(0, Math.min(2, requests.size()));
    for (Layout layout : List.of(Layout.dense(1, 1), Layout.dense(4, 2))) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, PlacementRule.roundRobin(1)),
              first,
              Recording.TAPS,
              format);
      try {
        DecodeResult result = decode(plan, Optional.of(on));
        if (!Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {}).passed()) {
          return false;
        }
      } catch (RankFailure e) {
        return false;
      }
    }
    return true;
  }

  private List<List<Integer>> unsharded(CacheFormat format) {
    return decode(plan(UNSHARDED, requests, format), Optional.empty()).requests().stream()
        .map(DecodeResult.Request::newTokens)
        .toList();
  }

  /** The new tokens of each story; empty where the decode stopped. */
  private List<Optional<List<Integer>>> texts(
      Fault fault, HelixStrategy layout, CacheFormat format) {
    SwitchedOn on = new SwitchedOn(fault, FaultSite.EVERYWHERE);
    try {
      return decode(plan(layout, requests, format), Optional.of(on)).requests().stream()
          .map(request -> Optional.of(request.newTokens()))
          .toList();
    } catch (RankFailure e) {
      return requests.stream().map(request -> alone(request, on, layout, format)).toList();
    }
  }

  private Optional<List<Integer>> alone(
      DecodeRequest request, SwitchedOn on, HelixStrategy layout, CacheFormat format) {
    try {
      return Optional.of(
          decode(plan(layout, List.of(request), format), Optional.of(on))
              .requests()
              .get(0)
              .newTokens());
    } catch (RankFailure e) {
      if (e.getCause() instanceof ArithmeticException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private DecodePlan plan(HelixStrategy layout, List<DecodeRequest> told, CacheFormat format) {
    return new DecodePlan(checkpoint, layout, told, Recording.STEPS, format);
  }

  private static DecodeResult decode(DecodePlan plan, Optional<SwitchedOn> on) {
    Fp64Reading healthy = new Fp64Reading();
    DecodeRun run = new DecodeRun(new ThreadRanks());
    return on.isPresent()
        ? run.decode(on.get().plan(plan), on.get().reading(healthy, plan), new DecodeListener() {})
        : run.decode(plan, healthy, new DecodeListener() {});
  }

  private static CacheFormat cacheOf(Fault fault) {
    if (fault.equals(StorageFaults.SCALE_OF_THE_SHARD) || fault.equals(StorageFaults.TWICE)) {
      return CacheFormat.FP8;
    }
    if (fault.equals(StorageFaults.SCALE_OF_A_PAGE)) {
      return CacheFormat.MXFP8;
    }
    return StorageFaults.all().contains(fault) ? CacheFormat.NVFP4 : CacheFormat.FP64;
  }

  private static List<String> laws(Fault fault) {
    return Museum.exhibits().stream()
        .filter(exhibit -> exhibit.fault().equals(fault))
        .map(Exhibit::killers)
        .flatMap(List::stream)
        .map(Law::toString)
        .distinct()
        .toList();
  }
}

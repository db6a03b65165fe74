package dev.helix.tests.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.fault.FaultSite;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The stories of the search, and decodes of them with and without a fault. */
final class ToldStories {
  private static final long SEED = 18;

  /** The answer and ". Where is the"; then the model is free to ask for what it likes. */
  private static final int NEW_TOKENS = 5;

  private static final HelixStrategy UNSHARDED =
      new HelixStrategy(Layout.dense(1, 1), PlacementRule.roundRobin(16));

  private final Checkpoint checkpoint;
  private final String[] words;
  private final List<RecallQuestions> stories;
  private final List<DecodeRequest> requests;
  private final List<DecodeRequest> extremes;
  private final Map<CacheFormat, List<List<Integer>>> right = new HashMap<>();
  private final Map<Told, DecodeResult> rightExtremes = new HashMap<>();

  private record Told(HelixStrategy layout, CacheFormat format) {}

  /**
   * Draws stories of 20 to 110 words, so that in some of them ranks have no token.
   *
   * @param checkpoint the model, which stays open as long as the stories are told
   * @param stories how many there are
   */
  ToldStories(Checkpoint checkpoint, int stories) throws IOException {
    this.checkpoint = checkpoint;
    SplittableRandom random = new SplittableRandom(SEED);
    List<RecallQuestions> drawn = new ArrayList<>();
    for (int i = 0; i < stories; i++) {
      drawn.add(RecallQuestions.draw(random, 20 + random.nextInt(90)));
    }
    this.stories = List.copyOf(drawn);
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
    Comparator<DecodeRequest> byLength = Comparator.comparing(request -> request.prompt().size());
    this.extremes =
        List.of(
            requests.stream().min(byLength).orElseThrow(),
            requests.stream().max(byLength).orElseThrow());
  }

  int count() {
    return stories.size();
  }

  String text(int story) {
    return String.join(" ", stories.get(story).story());
  }

  /** The story with a text. */
  int withText(String text) {
    for (int story = 0; story < count(); story++) {
      if (text(story).equals(text)) {
        return story;
      }
    }
    throw new IllegalArgumentException("no such story: " + text);
  }

  String word(int token) {
    return words[token];
  }

  /** The new tokens of each story on one rank, without a fault. */
  List<List<Integer>> right(CacheFormat format) {
    return right.computeIfAbsent(
        format,
        given ->
            decode(plan(UNSHARDED, requests, given)).requests().stream()
                .map(DecodeResult.Request::newTokens)
                .toList());
  }

  /** The new tokens of one story that is told alone on one rank, without a fault. */
  List<Integer> right(int story, CacheFormat format) {
    return decode(plan(UNSHARDED, List.of(requests.get(story)), format))
        .requests()
        .get(0)
        .newTokens();
  }

  /** The new tokens of each story; empty where the decode stopped. */
  List<Optional<List<Integer>>> texts(Fault fault, HelixStrategy layout, CacheFormat format) {
    try {
      return decode(plan(layout, requests, format), fault).requests().stream()
          .map(request -> Optional.of(request.newTokens()))
          .toList();
    } catch (RankFailure e) {
      return requests.stream().map(request -> alone(fault, request, layout, format)).toList();
    }
  }

  /** The new tokens of one story that is told alone. */
  Optional<List<Integer>> alone(Fault fault, int story, HelixStrategy layout, CacheFormat format) {
    return alone(fault, requests.get(story), layout, format);
  }

  private Optional<List<Integer>> alone(
      Fault fault, DecodeRequest request, HelixStrategy layout, CacheFormat format) {
    try {
      DecodePlan plan = plan(layout, List.of(request), format);
      return Optional.of(decode(plan, fault).requests().get(0).newTokens());
    } catch (RankFailure e) {
      if (stops(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A logit was not a number, or a token was asked for that the cache cannot have. */
  private static boolean stops(RankFailure failure) {
    return failure.getCause() instanceof ArithmeticException
        || failure.getCause() instanceof IllegalArgumentException;
  }

  /**
   * Whether a fault changes any bit of any logit of the shortest and the longest story. Where it
   * changes none it has nothing to act on, and no story needs to be told.
   */
  boolean changesABit(Fault fault, HelixStrategy layout, CacheFormat format) {
    DecodePlan plan = plan(layout, extremes, format);
    DecodeResult expected =
        rightExtremes.computeIfAbsent(new Told(layout, format), told -> decode(plan));
    try {
      return !sameBits(expected, decode(plan, fault));
    } catch (RankFailure e) {
      return true;
    }
  }

  private static boolean sameBits(DecodeResult expected, DecodeResult found) {
    return IntStream.range(0, expected.requests().size())
        .allMatch(
            at ->
                Arrays.deepEquals(
                    expected.requests().get(at).logits().toArray(),
                    found.requests().get(at).logits().toArray()));
  }

  /** Whether the verification finds nothing on one rank and on eight, with the first stories. */
  boolean verified(Fault fault, CacheFormat format) {
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
        DecodeResult result = decode(plan, fault);
        if (!Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {}).passed()) {
          return false;
        }
      } catch (RankFailure e) {
        return false;
      }
    }
    return true;
  }

  private DecodePlan plan(HelixStrategy layout, List<DecodeRequest> told, CacheFormat format) {
    return new DecodePlan(checkpoint, layout, told, Recording.STEPS, format);
  }

  private static DecodeResult decode(DecodePlan plan) {
    return new DecodeRun(new ThreadRanks())
        .decode(plan, new Fp64Reading(), new DecodeListener() {});
  }

  private static DecodeResult decode(DecodePlan plan, Fault fault) {
    SwitchedOn on = new SwitchedOn(fault, FaultSite.EVERYWHERE);
    return new DecodeRun(new ThreadRanks())
        .decode(on.plan(plan), on.reading(new Fp64Reading(), plan), new DecodeListener() {});
  }
}

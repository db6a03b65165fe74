package dev.helix.tests.stories;

import dev.helix.attention.faults.quantized.StorageFaults;
import dev.helix.laws.Law;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decodes stories with one shipped fault after the other switched on, under every legal layout of
 * up to 8 ranks, with tokens dealt in runs of 16, one by one, and in contiguous parts, and looks at
 * the text alone.
 */
final class StorySearch {
  private static final int MOST_RANKS = 8;

  private final ToldStories stories;

  StorySearch(ToldStories stories) {
    this.stories = stories;
  }

  /** All layouts with tokens dealt in turns. On one shard the length of a run says nothing. */
  static List<HelixStrategy> roundRobin() {
    return legal().stream()
        .flatMap(
            layout ->
                (layout.kvp() > 1 ? Stream.of(16, 1) : Stream.of(16))
                    .map(run -> new HelixStrategy(layout, PlacementRule.roundRobin(run))))
        .toList();
  }

  /** All layouts of more than one shard, each of which has one stretch. */
  static List<HelixStrategy> contiguous() {
    return legal().stream()
        .filter(layout -> layout.kvp() > 1)
        .map(layout -> new HelixStrategy(layout, PlacementRule.contiguous()))
        .toList();
  }

  private static List<Layout> legal() {
    List<Layout> legal = new ArrayList<>();
    for (int tpa : List.of(1, 2, 4)) {
      for (int kvp = 1; kvp * tpa <= MOST_RANKS; kvp *= 2) {
        legal.add(Layout.dense(kvp, tpa));
      }
    }
    return legal;
  }

  /** Tells all stories with a fault switched on, under all layouts. */
  FaultOnStories of(Fault fault) {
    StoryTexts roundRobin = texts(fault, roundRobin());
    StoryTexts contiguous = texts(fault, contiguous());
    CacheFormat format = cacheOf(fault);
    boolean silent = roundRobin.unchanged() && contiguous.unchanged();
    return new FaultOnStories(
        new FaultOnStories.Shipped(
            fault.story().name(),
            SwitchableFaults.key(fault),
            fault.story().seenIn(),
            fault.seam().name().toLowerCase(Locale.ROOT),
            format.toString()),
        roundRobin,
        contiguous,
        silent && stories.verified(fault, format),
        laws(fault));
  }

  /** Tells all stories with a fault switched on, under some layouts. */
  StoryTexts texts(Fault fault, List<HelixStrategy> layouts) {
    CacheFormat format = cacheOf(fault);
    int other = 0;
    int stopped = 0;
    int changedLayouts = 0;
    Optional<StoryTexts.Example> example = Optional.empty();
    for (HelixStrategy layout : layouts) {
      if (!stories.changesABit(fault, layout, format)) {
        continue;
      }
      List<Optional<List<Integer>>> texts = stories.texts(fault, layout, format);
      int before = other + stopped;
      for (int story = 0; story < texts.size(); story++) {
        Optional<List<Integer>> text = texts.get(story);
        List<Integer> expected = stories.right(format).get(story);
        if (text.isEmpty()) {
          stopped++;
        } else if (!text.get().equals(expected)) {
          other++;
          if (example.isEmpty()) {
            example = Optional.of(example(story, layout, expected, text.get()));
          }
        }
      }
      changedLayouts += other + stopped > before ? 1 : 0;
    }
    return new StoryTexts(
        layouts.size() * stories.count(), other, stopped, changedLayouts, example);
  }

  /** An example of the table, found again by decoding its story under its layout. */
  Optional<StoryTexts.Example> repeated(String key, StoryTexts.Example kept) {
    Fault fault = SwitchableFaults.named(key).orElseThrow();
    HelixStrategy layout =
        Stream.concat(roundRobin().stream(), contiguous().stream())
            .filter(one -> options(one).equals(kept.layout()))
            .findFirst()
            .orElseThrow();
    CacheFormat format = cacheOf(fault);
    int story = stories.withText(kept.story());
    List<Integer> expected = stories.right(story, format);
    return stories
        .alone(fault, story, layout, format)
        .filter(said -> !said.equals(expected))
        .map(said -> example(story, layout, expected, said));
  }

  private StoryTexts.Example example(
      int story, HelixStrategy layout, List<Integer> expected, List<Integer> text) {
    int at = 0;
    while (at < text.size() && at < expected.size() && text.get(at).equals(expected.get(at))) {
      at++;
    }
    return new StoryTexts.Example(
        stories.text(story),
        options(layout),
        at,
        stories.word(expected.get(at)),
        stories.word(text.get(at)));
  }

  private static String options(HelixStrategy layout) {
    PlacementRule rule = layout.placement();
    String widths = "--kvp %d --tpa %d".formatted(layout.layout().kvp(), layout.layout().tpa());
    if (layout.layout().kvp() == 1) {
      return widths;
    }
    return rule.kind() == PlacementRule.Kind.CONTIGUOUS
        ? widths + " --placement contiguous"
        : widths + " --run-length " + rule.runLength();
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

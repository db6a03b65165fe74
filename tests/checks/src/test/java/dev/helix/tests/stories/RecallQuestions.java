package dev.helix.tests.stories;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Stories of the closed world of the embedded models, each of which ends in a question. Its answer
 * is the place where a thing was put last.
 *
 * @param story words up to and without the answer
 * @param answer the right place
 */
public record RecallQuestions(List<String> story, String answer) {
  private static final List<String> NAMES =
      List.of("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "June");
  private static final List<String> THINGS =
      List.of("lamp", "key", "book", "drum", "kite", "bell", "coat", "rope", "map", "jar");
  private static final List<String> PLACES =
      List.of(
          "barn", "attic", "cellar", "garden", "kitchen", "tower", "harbor", "mill", "cave",
          "stable");

  /** Draws a story of about {@code words} words. */
  public static RecallQuestions draw(SplittableRandom random, int words) {
    List<String> story = new ArrayList<>();
    Map<String, String> where = new LinkedHashMap<>();
    while (story.size() < words) {
      String name = any(NAMES, random);
      if (where.size() < 4) {
        String thing = any(THINGS.stream().filter(t -> !where.containsKey(t)).toList(), random);
        where.put(thing, any(PLACES, random));
        add(story, "%s put the %s in the %s .".formatted(name, thing, where.get(thing)));
      } else if (random.nextInt(3) == 0) {
        String thing = any(List.copyOf(where.keySet()), random);
        String before = where.get(thing);
        where.put(thing, any(PLACES.stream().filter(p -> !p.equals(before)).toList(), random));
        add(story, "%s moved the %s to the %s .".formatted(name, thing, where.get(thing)));
      } else {
        add(story, "%s went to the %s and felt calm .".formatted(name, any(PLACES, random)));
      }
    }
    String asked = any(List.copyOf(where.keySet()), random);
    add(story, "Where is the %s ? The %s is in the".formatted(asked, asked));
    return new RecallQuestions(List.copyOf(story), where.get(asked));
  }

  private static void add(List<String> story, String sentence) {
    story.addAll(List.of(sentence.split(" ")));
  }

  private static String any(List<String> words, SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }
}

package dev.helix.laws.head;

import java.util.Set;
import java.util.SplittableRandom;

/**
 * Vocabularies and logits that have broken shipped heads. Half of all drawn cases are one of these.
 */
public enum HeadHardCase {
  ONE_RANK,
  ONE_WORD,
  /** 11 words on 4 ranks, all logits near −10: rows of zeros behind the vocabulary would win. */
  NEGATIVE_LOGITS_OF_11_WORDS_ON_4,
  /** As above, with another number of words and ranks. */
  NEGATIVE_LOGITS,
  /** Some ranks have nothing but padding. */
  FEWER_WORDS_THAN_RANKS,
  EQUAL_WORDS_IN_A_SHARD,
  /** Words on several ranks share the greatest logit. */
  EQUAL_WORDS_OF_SEVERAL_SHARDS,
  ALL_EQUAL,
  ALL_EQUAL_AND_NEGATIVE,
  FIRST_WORD,
  LAST_WORD,
  /**
   * The greatest logit is that of the last word of a rank's shard, or of the first word of the
   * next.
   */
  END_OF_A_SHARD,
  /** The vocabulary has 63, 64 or 65 words, on three ranks. */
  WORDS_63_64_65,
  WORDS_255_256_257,
  MANY_ROWS;

  private static final double HIGH = 40;

  /** Draws a case of this kind. */
  HeadCase make(SplittableRandom random) {
    int ranks = 2 + random.nextInt(4);
    int words = ranks * (2 + random.nextInt(3)) - random.nextInt(ranks);
    int share = (words + ranks - 1) / ranks;
    HeadDrawing of =
        switch (this) {
          case ONE_RANK -> new HeadDrawing(random, 1, words);
          case ONE_WORD -> new HeadDrawing(random, ranks, 1);
          case NEGATIVE_LOGITS_OF_11_WORDS_ON_4 ->
              new HeadDrawing(random, 4, 11).shifted(word -> -10);
          case NEGATIVE_LOGITS ->
              new HeadDrawing(random, ranks, ranks * 3 - 1).shifted(word -> -12);
          case FEWER_WORDS_THAN_RANKS ->
              new HeadDrawing(random, ranks + 2, 1 + random.nextInt(ranks)).shifted(word -> -10);
          case EQUAL_WORDS_IN_A_SHARD ->
              new HeadDrawing(random, ranks, ranks * 4).equal(2, 3).raised(HIGH, 2, 3);
          case EQUAL_WORDS_OF_SEVERAL_SHARDS -> {
            int first = random.nextInt(share);
            int other = Math.min(words - 1, first + share * (1 + random.nextInt(ranks - 1)));
            yield new HeadDrawing(random, ranks, words)
                .equal(first, other)
                .raised(HIGH, first, other);
          }
          case ALL_EQUAL -> new HeadDrawing(random, ranks, words).allEqual();
          case ALL_EQUAL_AND_NEGATIVE ->
              new HeadDrawing(random, ranks, words).allEqual().shifted(word -> -10);
          case FIRST_WORD -> new HeadDrawing(random, ranks, words).raised(HIGH, 0);
          case LAST_WORD -> new HeadDrawing(random, ranks, words).raised(HIGH, words - 1);
          case END_OF_A_SHARD ->
              new HeadDrawing(random, ranks, words)
                  .raised(HIGH, Math.min(words - 1, share - random.nextInt(2)));
          case WORDS_63_64_65 -> new HeadDrawing(random, 3, 63 + random.nextInt(3));
          case WORDS_255_256_257 -> new HeadDrawing(random, 3, 255 + random.nextInt(3));
          case MANY_ROWS -> new HeadDrawing(random, ranks, words).rows(9 + random.nextInt(8));
        };
    return of.done(Set.of(this));
  }
}

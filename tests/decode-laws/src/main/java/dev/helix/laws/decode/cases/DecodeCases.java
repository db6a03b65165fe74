package dev.helix.laws.decode.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws cases of the decode. Half of them are a documented {@link DecodeHardCase}, and the others
 * are random throughout.
 */
public final class DecodeCases {
  private DecodeCases() {}

  /**
   * Every hard case once, then random ones, then the cover of combinations.
   *
   * @param count without the cover, if it is not less than the number of hard cases
   */
  public static List<DecodeCase> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DecodeCase> cases = new ArrayList<>();
    for (DecodeHardCase hard : DecodeHardCase.ofOneCase()) {
      cases.add(hard.make(random));
    }
    while (cases.size() < count) {
      cases.add(next(random));
    }
    cases.addAll(DecodeCover.cases(random));
    return List.copyOf(cases);
  }

  static DecodeCase next(SplittableRandom random) {
    List<DecodeHardCase> all = DecodeHardCase.ofOneCase();
    if (random.nextBoolean()) {
      return all.get(random.nextInt(all.size())).make(random);
    }
    DecodeDraft draft = new DecodeDraft(random);
    return (random.nextInt(8) == 0 ? draft.latent() : draft).build(Set.of());
  }
}

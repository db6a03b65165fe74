package dev.helix.laws.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Cases, half of them a documented {@link DecodeHardCase}, the others random throughout. */
final class DecodeCases {
  private DecodeCases() {}

  /** Every hard case once, then random ones; not fewer than there are hard cases. */
  static List<DecodeCase> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DecodeCase> cases = new ArrayList<>();
    for (DecodeHardCase hard : DecodeHardCase.values()) {
      cases.add(hard.make(random));
    }
    while (cases.size() < count) {
      cases.add(next(random));
    }
    return List.copyOf(cases);
  }

  static DecodeCase next(SplittableRandom random) {
    DecodeHardCase[] all = DecodeHardCase.values();
    if (random.nextBoolean()) {
      return all[random.nextInt(all.length)].make(random);
    }
    DecodeDraft draft = new DecodeDraft(random);
    return (random.nextInt(8) == 0 ? draft.latent() : draft).build(Set.of());
  }
}

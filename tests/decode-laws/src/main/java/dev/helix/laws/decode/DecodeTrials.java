package dev.helix.laws.decode;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.laws.decode.cases.DecodeCases;
import dev.helix.laws.decode.cases.DecodeHardCase;
import dev.helix.laws.decode.cases.SimplerDecodes;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The laws of the decode on ranks, as they are held against one implementation. */
record DecodeTrials<T extends Tensor>(DecodeVariant<T> subject) implements SeamTrials<DecodeCase> {
  @Override
  public List<DecodeCase> cases(long seed, int count) {
    return DecodeCases.of(seed, count);
  }

  @Override
  public Trial trial(Law law, DecodeCase given) {
    return new DecodeTrial<>(law, subject, given);
  }

  /**
   * Whether a law is tried on a case. Laws that depend neither on tokens nor on rules are not tried
   * on the pairwise cover.
   */
  @Override
  public boolean applies(Law law, DecodeCase given) {
    return !given.hard().contains(DecodeHardCase.COVERED_PAIRS)
        || !Set.of(
                Law.DECODE_ALL_TO_ALL,
                Law.DECODE_EXCHANGES,
                Law.DECODE_PROJECTIONS,
                Law.DECODE_ROUTING)
            .contains(law);
  }

  @Override
  public Map<String, Integer> sizes(DecodeCase given) {
    return given.sizes();
  }

  @Override
  public List<DecodeCase> simpler(DecodeCase given) {
    return SimplerDecodes.of(given);
  }
}

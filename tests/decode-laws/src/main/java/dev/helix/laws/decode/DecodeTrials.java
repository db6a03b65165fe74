package dev.helix.laws.decode;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.tensor.Tensor;
import java.util.List;

/** The laws of the decode on ranks, against one implementation. */
record DecodeTrials<T extends Tensor>(DecodeVariant<T> subject) implements SeamTrials<DecodeCase> {
  @Override
  public List<DecodeCase> cases(long seed, int count) {
    return DecodeCases.of(seed, count);
  }

  @Override
  public Trial trial(Law law, DecodeCase given) {
    return new DecodeTrial<>(law, subject, given);
  }

  @Override
  public List<DecodeCase> simpler(DecodeCase given) {
    return SimplerDecodes.of(given);
  }
}

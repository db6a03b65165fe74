package dev.helix.attention.cache;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A tensor that holds, instead of numbers, whose key or value stands in each row or slot: enough to
 * see what a cache puts where.
 */
final class TokenTensor implements Tensor {
  /** Which of a token's two vectors. */
  enum Role {
    KEY,
    VALUE
  }

  /** One vector of one token. */
  record Entry(Role role, QueryToken token) {}

  private final Spec spec;
  private final List<Optional<Entry>> entries;

  private TokenTensor(Spec spec, List<Optional<Entry>> entries) {
    this.spec = spec;
    this.entries = entries;
  }

  /** A page in which nothing has been written. */
  static TokenTensor empty(Spec spec, int slots) {
    return new TokenTensor(spec, new ArrayList<>(Collections.nCopies(slots, Optional.empty())));
  }

  /** The keys or the values of a step. */
  static TokenTensor ofStep(Spec spec, Role role, List<QueryToken> step) {
    return new TokenTensor(
        spec, step.stream().map(token -> Optional.of(new Entry(role, token))).toList());
  }

  Optional<Entry> at(int index) {
    return entries.get(index);
  }

  void write(int index, Optional<Entry> entry) {
    entries.set(index, entry);
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return 0;
  }
}

package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.HeldState;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Tells every rank the tokens that were chosen in a step. If all ranks have all logits, nothing is
 * sent, because they choose alike. Otherwise the ranks that have logits send what they chose over
 * the communicator, where no reading sees, counts or times it.
 */
final class ChosenTokens {
  private final Communicator communicator;
  private final Group all;
  private final boolean known;

  /**
   * Prepares the exchange for one rank.
   *
   * @param logits which ranks have the logits
   */
  ChosenTokens(Communicator communicator, HeldState logits) {
    this.communicator = communicator;
    this.all = new Group("tokens", IntStream.range(0, communicator.size()).boxed().toList());
    this.known = logits.fits(new HeldState.Replicated(all));
  }

  /**
   * The tokens of all sampled rows of a step. Every rank makes the call.
   *
   * @param own the tokens of the rows whose logits this rank has
   * @throws IllegalStateException if two ranks chose different tokens for one row
   */
  Map<QueryToken, Integer> everywhere(Map<QueryToken, Integer> own) {
    if (known) {
      return own;
    }
    ByteBuffer told = ByteBuffer.allocate(own.size() * 3 * Integer.BYTES);
    own.forEach(
        (query, token) -> told.putInt(query.request()).putInt(query.position()).putInt(token));
    List<ByteBuffer> outgoing = Collections.nCopies(all.size(), told.flip());
    Map<QueryToken, Integer> tokens = new HashMap<>();
    for (ByteBuffer arrived : communicator.exchange(all, "chosen tokens", outgoing)) {
      while (arrived.hasRemaining()) {
        QueryToken query = new QueryToken(arrived.getInt(), arrived.getInt());
        int token = arrived.getInt();
        Integer before = tokens.putIfAbsent(query, token);
        if (before != null && before != token) {
          throw new IllegalStateException(
              "two ranks chose different tokens for %s: %d and %d".formatted(query, before, token));
        }
      }
    }
    return tokens;
  }
}

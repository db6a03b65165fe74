package dev.helix.laws.decode;

import dev.helix.attention.QueryToken;
import dev.helix.laws.decode.cases.DecodeCase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a layer gives for each token of a case if nothing is sharded, and how far ranks may be off.
 * It follows from the case alone.
 */
record UnshardedPass(List<Row> rows) {
  /** Every law is tried on the same cases: those of one suite are about a hundred. */
  private static final int MOST_KEPT = 256;

  private static final Map<DecodeCase, UnshardedPass> KEPT = new LinkedHashMap<>();

  /** The output of one token, {@code [hidden]}, and the bound of each of its components. */
  static final class Row {
    final QueryToken token;
    final double[] expected;
    final double[] bound;

    private Row(QueryToken token, DecodeWeights.Baseline baseline, double... x) {
      this.token = token;
      this.expected = baseline.attention().step(x);
      this.bound = baseline.bound().step(x, new double[x.length]);
    }
  }

  /** The pass of a case, computed unless it is among those that were asked for last. */
  static UnshardedPass of(DecodeCase given) {
    synchronized (KEPT) {
      UnshardedPass known = KEPT.remove(given);
      if (known != null) {
        KEPT.put(given, known);
        return known;
      }
    }
    UnshardedPass pass = computed(given);
    synchronized (KEPT) {
      KEPT.put(given, pass);
      while (KEPT.size() > MOST_KEPT) {
        KEPT.remove(KEPT.keySet().iterator().next());
      }
    }
    return pass;
  }

  private static UnshardedPass computed(DecodeCase given) {
    DecodeWeights weights = DecodeWeights.of(given);
    List<DecodeWeights.Baseline> baselines =
        Stream.generate(weights::baseline).limit(given.requests()).toList();
    return new UnshardedPass(
        given.tokens().stream()
            .map(token -> new Row(token, baselines.get(token.request()), weights.x(token)))
            .toList());
  }
}

package dev.helix.laws.decode;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.laws.Trait;
import dev.helix.laws.decode.cases.DecodeCase;
import java.util.List;
import java.util.Set;

/** Traits of a case of the decode, and of the rows of its steps. */
final class DecodeTraits {
  private DecodeTraits() {}

  /** The traits that all rows of a case have. */
  static Set<Trait> of(DecodeCase given) {
    return ofCase(new Trait.Noted(), given).all();
  }

  /** The traits of the row of a token, its own before those of the case. */
  static Set<Trait> of(DecodeCase given, QueryToken token) {
    List<QueryToken> step =
        given.steps().stream().filter(all -> all.contains(token)).findFirst().orElseThrow();
    long brought = step.stream().filter(other -> other.request() == token.request()).count();
    int first =
        step.stream()
            .filter(o -> o.request() == token.request())
            .findFirst()
            .orElseThrow()
            .position();
    int round = given.layout().kvp() * given.deal().runLength();
    Trait.Noted noted =
        new Trait.Noted()
            .note(
                "of steps of several tokens that begin within a round",
                brought > 1 && first % round != 0)
            .note("of tokens that come alone behind others", brought == 1 && first > 0)
            .note("of requests that bring several tokens to a step", brought > 1)
            .note(
                "of requests that are not the first of their step",
                step.get(0).request() != token.request())
            .note("of tokens behind the first round", token.position() >= round)
            .note("of tokens behind the first run", token.position() >= given.deal().runLength());
    return ofCase(noted, given).all();
  }

  private static Trait.Noted ofCase(Trait.Noted noted, DecodeCase given) {
    ScoreRule rule = given.rule();
    return noted
        .note("of pieces (HOP-B)", given.hopB() && given.requests() > 1)
        .note("of ranks that are turned", given.deal().turn() > 0)
        .note("of windows", rule.window().isPresent())
        .note("of sinks", !rule.sinks().isEmpty())
        .note("of a soft cap", rule.softCap().isPresent())
        .note("of slopes", !rule.alibiSlopes().isEmpty())
        .note("of latent attention", given.latent().isPresent())
        .note("of runs of several tokens", given.deal().runLength() > 1)
        .note("of several requests", given.requests() > 1)
        .note("of several KV heads", given.shape().kvHeads() > 1)
        .note("of three or more KVP ranks", given.layout().kvp() > 2)
        .note("of several KVP ranks", given.layout().kvp() > 1)
        .note("of three or more ranks", given.layout().ranks() > 2)
        .note("of several ranks", given.layout().ranks() > 1);
  }
}

package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.Routing;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenShares;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what one rank sends, gets and computes under expert parallelism, if the routing is
 * known.
 */
final class SentTokens {
  private SentTokens() {}

  /**
   * The tokens that the rank sends and gets.
   *
   * @param routing the routing of all tokens of the step
   */
  static Sending send(Routing routing, ExpertParallelSharding sharding, TokenShares shares) {
    List<Integer> received = new ArrayList<>();
    for (int peer = 0; peer < shares.ofMembers().size(); peer++) {
      received.add(rowsTo(routing, sharding, shares, peer).get(shares.member()).size());
    }
    return new Sending(rowsTo(routing, sharding, shares, shares.member()), received);
  }

  /**
   * The assignments to the rank's experts, for the tokens of its own share and those that arrive
   * from other ranks.
   *
   * @param routing the routing of all tokens of the step
   */
  static Dispatch dispatch(Routing routing, ExpertParallelSharding sharding, TokenShares shares) {
    List<Routing.Choice> there = new ArrayList<>(choices(routing, shares, shares.member()));
    for (int peer = 0; peer < shares.ofMembers().size(); peer++) {
      List<Routing.Choice> ofPeer = choices(routing, shares, peer);
      rowsTo(routing, sharding, shares, peer)
          .get(shares.member())
          .forEach(row -> there.add(ofPeer.get(row)));
    }
    return Dispatch.of(new Routing(there), sharding.ofMember(shares.member()));
  }

  private static List<List<Integer>> rowsTo(
      Routing routing, ExpertParallelSharding sharding, TokenShares shares, int peer) {
    return Sending.rowsTo(choices(routing, shares, peer), peer, sharding);
  }

  private static List<Routing.Choice> choices(Routing routing, TokenShares shares, int peer) {
    return shares.ofMembers().get(peer).stream().map(routing.tokens()::get).toList();
  }
}

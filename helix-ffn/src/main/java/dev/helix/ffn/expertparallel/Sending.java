package dev.helix.ffn.expertparallel;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.Routing;
import dev.helix.tensor.RowCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which tokens a rank sends to the ranks of their experts, and how many it gets. A token with
 * several experts on one rank goes there once. A token whose experts are on its own rank is not
 * sent.
 *
 * @param rowsTo for each rank of the group the tokens that go there, as indices into the sender's
 *     share
 * @param received number of tokens that come from each rank
 */
public record Sending(List<List<Integer>> rowsTo, List<Integer> received) {
  public Sending {
    rowsTo = rowsTo.stream().map(List::copyOf).toList();
    received = List.copyOf(received);
  }

  /**
   * The tokens of one rank that go to each rank.
   *
   * @param choices the choices of the rank's tokens
   * @param member index of the rank in the group
   */
  public static List<List<Integer>> rowsTo(
      List<Routing.Choice> choices, int member, ExpertParallelSharding sharding) {
    List<List<Integer>> rowsTo = new ArrayList<>();
    for (int peer = 0; peer < sharding.ranks().size(); peer++) {
      List<Integer> rows = new ArrayList<>();
      ExpertRange experts = sharding.ofMember(peer);
      for (int row = 0; row < choices.size() && peer != member; row++) {
        if (choices.get(row).experts().stream().anyMatch(experts::has)) {
          rows.add(row);
        }
      }
      rowsTo.add(rows);
    }
    return rowsTo;
  }

  /** How many tokens the rank sends to each rank, and gets from each. */
  public RowCounts counts() {
    return new RowCounts(rowsTo.stream().map(List::size).toList(), received);
  }

  /**
   * The tokens that are sent, one after the other: first those that go to the first rank, and so
   * on.
   */
  List<Integer> sent() {
    return rowsTo.stream().flatMap(List::stream).toList();
  }
}

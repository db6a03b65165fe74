package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenShares;
import dev.helix.runtime.trace.choice.ExpertChoices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The load of experts of which only expected numbers of assignments are known. */
final class SpreadLoad {
  /**
   * How far a number of rows may be above a whole one, as a fraction, and still count as that. A
   * chance is off by about 10⁻¹³, as a sum of rounded integrals, so a whole number is met only
   * within so much.
   */
  private static final double ROUNDING = 0x1p-40;

  private SpreadLoad() {}

  /** The expected load of a group of {@code local} experts for {@code tokens} tokens. */
  static Dispatch uniform(RouterRule rule, int local, int tokens) {
    return uniform(rule, local, tokens, tokens);
  }

  /**
   * The expected load of a group if only some of the tokens are there.
   *
   * @param there number of tokens that have an expert in the group, and perhaps others
   */
  private static Dispatch uniform(RouterRule rule, int local, int tokens, int there) {
    int assignments = there == 0 ? 0 : assignments(rule, local, tokens);
    return spread(assignments, local, there, active(rule, local, tokens));
  }

  /** The expected number of active experts of a group, a fraction. */
  static double active(RouterRule rule, int local, int tokens) {
    double missed = 1 - (double) rule.topK() / rule.experts();
    return local * (1 - StrictMath.pow(missed, tokens));
  }

  /** The expected number of assignments to a group, rounded up. */
  static int assignments(RouterRule rule, int local, int tokens) {
    long share = Math.multiplyExact(Math.multiplyExact((long) tokens, rule.topK()), (long) local);
    return Math.toIntExact((share + rule.experts() - 1) / rule.experts());
  }

  /**
   * Assignments that are spread evenly over the experts of a group and over tokens.
   *
   * @param there number of tokens that have an expert in the group, and perhaps others
   */
  static Dispatch spread(int assignments, int local, int there, double active) {
    List<Integer> rows = new ArrayList<>(assignments);
    List<Integer> counts = new ArrayList<>(local);
    for (int expert = 0; expert < local; expert++) {
      int count = assignments / local + (expert < assignments % local ? 1 : 0);
      for (int i = 0; i < count; i++) {
        rows.add(rows.size() % there);
      }
      counts.add(count);
    }
    return new Dispatch(rows, Collections.nCopies(rows.size(), 1.0), counts, active);
  }

  /**
   * The expected traffic of a rank. Each of its n tokens has an expert on another rank with the
   * same chance, and n tokens send so many rows to all others together, rounded up. Rows that are
   * left over go to the ranks that follow the sender.
   *
   * @param chance that a token has an expert on another rank ({@link ExpertChoices#reaches})
   */
  static Sending send(double chance, TokenShares shares) {
    int members = shares.ofMembers().size();
    List<List<Integer>> rowsTo = new ArrayList<>();
    List<Integer> received = new ArrayList<>();
    for (int peer = 0; peer < members; peer++) {
      int sent = rows(chance, shares, shares.member(), peer);
      rowsTo.add(IntStream.range(0, sent).map(row -> row % shares.own()).boxed().toList());
      received.add(rows(chance, shares, peer, shares.member()));
    }
    return new Sending(rowsTo, received);
  }

  /**
   * The expected assignments to a rank's experts.
   *
   * @param chance that a token has an expert on another rank
   * @param local number of experts of each rank
   */
  static Dispatch dispatch(double chance, RouterRule rule, int local, TokenShares shares) {
    int there = shares.own();
    for (int peer = 0; peer < shares.ofMembers().size(); peer++) {
      there += rows(chance, shares, peer, shares.member());
    }
    return uniform(rule, local, shares.all(), there);
  }

  /**
   * Number of rows that one rank sends to another.
   *
   * @param chance that a token has an expert on the other rank
   */
  private static int rows(double chance, TokenShares shares, int from, int to) {
    int others = shares.ofMembers().size() - 1;
    if (from == to) {
      return 0;
    }
    int tokens = shares.ofMembers().get(from).size();
    int sent = (int) Math.ceil(tokens * chance * others * (1 - ROUNDING));
    int behind = Math.floorMod(to - from - 1, others + 1);
    return sent / others + (behind < sent % others ? 1 : 0);
  }
}

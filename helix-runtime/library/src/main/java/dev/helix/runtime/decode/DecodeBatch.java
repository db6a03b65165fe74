package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.record.StepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Plans which tokens go into which step. Every rank has its own plan. As all ranks choose the same
 * tokens, they all plan the same steps, and nobody has to tell the ranks what comes next.
 *
 * <p>Requests of different lengths run together. A request that is done leaves the batch, and one
 * whose prompt has not been read yet gets several rows in a step.
 */
final class DecodeBatch {
  /** The largest number of rows of one step, unless more requests than that decode at once. */
  static final int PREFILL_ROWS = 256;

  private final List<Request> requests = new ArrayList<>();
  private final Set<Integer> endTokens;

  DecodeBatch(List<DecodeRequest> given, Set<Integer> endTokens) {
    for (DecodeRequest request : given) {
      requests.add(new Request(request));
    }
    this.endTokens = Set.copyOf(endTokens);
  }

  /** The rows of the next step; empty when every request is done. */
  List<StepRow> next() {
    List<StepRow> rows = new ArrayList<>();
    int behind = (int) requests.stream().filter(request -> !request.done).count();
    for (int index = 0; index < requests.size(); index++) {
      Request request = requests.get(index);
      if (request.done) {
        continue;
      }
      // A row stays free for each later request, so that no prompt is so long that others wait.
      behind--;
      int room = Math.max(1, PREFILL_ROWS - rows.size() - behind);
      for (int taken = 0; taken < room && request.hasUnread(); taken++) {
        int position = request.read++;
        boolean sampled = request.read == request.tokens.size();
        rows.add(
            new StepRow(new QueryToken(index, position), request.tokens.get(position), sampled));
      }
    }
    return rows;
  }

  /**
   * Takes a request's next token.
   *
   * @return whether the request is done with it
   */
  boolean accept(int index, int token) {
    Request request = requests.get(index);
    request.tokens.add(token);
    request.newTokens++;
    request.done = request.newTokens == request.maxNew || endTokens.contains(token);
    return request.done;
  }

  /** The new tokens that a request has got so far. */
  List<Integer> newTokens(int index) {
    Request request = requests.get(index);
    int total = request.tokens.size();
    return List.copyOf(request.tokens.subList(total - request.newTokens, total));
  }

  private static final class Request {
    final List<Integer> tokens = new ArrayList<>();
    final int maxNew;
    int read;
    int newTokens;
    boolean done;

    Request(DecodeRequest given) {
      tokens.addAll(given.prompt());
      maxNew = given.maxNew();
    }

    boolean hasUnread() {
      return read < tokens.size();
    }
  }
}

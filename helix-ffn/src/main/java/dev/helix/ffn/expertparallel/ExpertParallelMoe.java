package dev.helix.ffn.expertparallel;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.ffn.MoeOperations;
import dev.helix.ffn.Routing;
import dev.helix.ffn.helix.HelixDenseFfn;
import dev.helix.ffn.helix.MoeWeights;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A mixture of experts as one rank runs it under expert parallelism (EP; Helix Parallelism §3).
 * Each rank has whole experts, and tokens travel to them. A rank starts with the tokens that it
 * holds, alone or together with the ranks of its group, and ends with the outputs of the same
 * tokens.
 *
 * @param <T> the tensor type of the reading
 */
public final class ExpertParallelMoe<T extends Tensor> {
  private final Kernels<T> kernels;
  private final MoeKernels<T> moe;
  private final Collectives<T> collectives;
  private final Group all;
  private final Group copies;
  private final TokenSender<T> sender;
  private final MoeWeights<T> weights;
  private final Optional<HelixDenseFfn<T>> shared;

  /**
   * The groups of ranks with which a rank exchanges.
   *
   * @param all the ranks that have experts
   * @param copies the ranks that hold the same tokens as this one
   */
  public record Groups(Group all, Group copies) {}

  /**
   * Creates one rank's part of a layer.
   *
   * @param rank the operations of the rank, on numbers and between ranks
   * @param weights the whole router, and the rank's experts
   * @param shared the shared expert over the ranks that hold the same tokens, if the model has one
   */
  public ExpertParallelMoe(
      MoeOperations<T> rank,
      Groups groups,
      TokenSender<T> sender,
      MoeWeights<T> weights,
      Optional<HelixDenseFfn<T>> shared) {
    this.kernels = rank.kernels();
    this.moe = rank.moe();
    this.collectives = rank.collectives();
    this.all = groups.all();
    this.copies = groups.copies();
    this.sender = sender;
    this.weights = weights;
    this.shared = shared;
  }

  /**
   * Applies the mixture to the tokens of one step. A rank without tokens takes part too, as others
   * may need its experts.
   *
   * @param x {@code [batch, hidden]}, normalised: the tokens that the rank holds
   * @param routed is told which experts these tokens go to
   * @return {@code [batch, hidden]} for the same tokens
   */
  public T apply(T x, TokenShares shares, Consumer<Routing> routed) {
    int own = shares.own();
    T logits = kernels.linear(Phase.DISPATCH, x, weights.router());
    Sending sending = sender.send(logits, shares, routed);
    RowCounts counts = sending.counts();

    // Dispatch sends each token of the share to the other ranks of its experts, with its logits.
    T ownRows = kernels.after(kernels.rows(x, shares.from(), shares.to()), logits);
    T ownLogits = kernels.rows(logits, shares.from(), shares.to());
    List<T> arrived =
        collectives.allToAllRows(
            Phase.DISPATCH,
            all,
            List.of(picked(ownRows, sending.sent()), picked(ownLogits, sending.sent())),
            counts);
    T rows = kernels.stackRows(List.of(ownRows, arrived.get(0)));
    T rowLogits = kernels.stackRows(List.of(ownLogits, arrived.get(1)));

    // The rank's experts compute the tokens that were here and those that have come.
    Dispatch dispatch = sender.dispatch(rowLogits, shares);
    T local = kernels.selectRows(Phase.DISPATCH, rows, dispatch.rowIndices());
    T gateUp = moe.groupedLinear(local, weights.gateUps(), dispatch);
    T activated = moe.weightedSwiGlu(gateUp, dispatch);
    int there = own + counts.allReceived();
    T terms = moe.combineExperts(activated, weights.downs(), dispatch, there);

    // Combine sends each term back to the rank of its token.
    T returned =
        collectives.allToAllRows(
            Phase.COMBINE, all, kernels.rows(terms, own, there), counts.reversed());
    return summed(
        x, kernels.stackRows(List.of(kernels.rows(terms, 0, own), returned)), shares, sending);
  }

  /** The sums of all tokens that the rank holds, over their experts and the shared one. */
  private T summed(T x, T terms, TokenShares shares, Sending sending) {
    List<Integer> tokenOfRow = new ArrayList<>(shares.held());
    sending.sent().forEach(row -> tokenOfRow.add(shares.from() + row));
    int held = x.spec().size(Axis.BATCH);
    // The rank has no terms for tokens of other shares; ranks that have them send them.
    T routed = moe.partialSumByToken(terms, tokenOfRow, held);
    T term =
        shared
            .map(expert -> kernels.partialAdd(Phase.COMBINE, routed, expert.partial(x)))
            .orElse(routed);
    return collectives.allReduce(Phase.COMBINE, copies, term);
  }

  /** Some rows, not copied, as a dispatch reads them where they are. */
  private T picked(T x, List<Integer> rows) {
    return rows.isEmpty()
        ? kernels.rows(x, 0, 0)
        : kernels.stackRows(rows.stream().map(row -> kernels.rows(x, row, row + 1)).toList());
  }
}

package dev.helix.attention.medha;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.KvCache;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.List;

/**
 * Attention of one layer as one rank runs it under Medha (arXiv 2409.17264), as the paper describes
 * it (Helix Parallelism §3). A fixed group of ranks has the hidden state. It sends the state to the
 * other ranks for this layer only. They attend over their part of the sequence and send their
 * partial states to the group, which merges and projects them. Nothing hides either exchange.
 *
 * @param <T> the reading's tensor
 */
public final class MedhaAttention<T extends Tensor> implements SelfAttention<T> {
  private final SelfAttention<T> attention;
  private final Collectives<T> collectives;
  private final Group entry;
  private final int rank;

  /**
   * Creates one rank's part of a layer.
   *
   * @param attention the rank's attention, in which the group alone owns heads after the exchange
   * @param entry a rank of the group, and then all ranks outside of it, which get the hidden state
   *     from that rank
   * @param rank this rank
   */
  public MedhaAttention(
      SelfAttention<T> attention, Collectives<T> collectives, Group entry, int rank) {
    this.attention = attention;
    this.collectives = collectives;
    this.entry = entry;
    this.rank = rank;
  }

  @Override
  public KvCache cache() {
    return attention.cache();
  }

  /**
   * Attends for one step.
   *
   * @param x {@code [batch, hidden]} on the group, {@code [batch=0, hidden]} on other ranks
   * @return the output for the rows of {@code x}
   */
  @Override
  public T attend(T x, List<QueryToken> step, AttentionTap<T> tap) {
    return attention.attend(entered(x, step.size()), step, tap);
  }

  private T entered(T x, int rows) {
    int root = entry.ranks().get(0);
    if (entry.size() == 1 || !entry.ranks().contains(rank)) {
      return x;
    }
    return rank == root
        ? collectives.broadcast(Phase.QKV, entry, root, x)
        : collectives.receiveBroadcast(Phase.QKV, entry, root, x.spec().resized(Axis.BATCH, rows));
  }
}

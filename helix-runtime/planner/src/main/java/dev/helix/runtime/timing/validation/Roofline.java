package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Spec;

/**
 * The closed form of Helix Parallelism, Appendix A: the bytes that one layer of a dense model with
 * grouped-query attention has to read, divided by the bandwidth of the memory. Nothing else is
 * counted.
 *
 * <p>The weight term is that of the paper. It counts the output projection at 1/TPA although §2
 * splits it over all ranks. So it is no bound for the scheduled time of a Helix layout.
 *
 * @param batch B, the number of requests
 * @param tokens S, the number of cached tokens of each request
 * @param queryHeads Q
 * @param kvHeads K
 * @param headDim Hsz; H = Q·Hsz
 * @param intermediate F
 * @param weights number format of the weights
 * @param kv number format of the cache
 */
public record Roofline(
    int batch,
    int tokens,
    int queryHeads,
    int kvHeads,
    int headDim,
    int intermediate,
    DType weights,
    DType kv) {
  /** The setting of the paper's Fig. 1, at a million tokens. */
  public static final Roofline FIGURE_1 =
      new Roofline(8, 1_000_000, 128, 8, 128, 65_536, DType.FP4, DType.FP4);

  /** The time to read the KV cache: B · 2 · ⌈K/TPA⌉ · Hsz · (S/KVP) · bytes / MemBW. */
  public double kvMicros(Machine machine, int tpa, int kvp) {
    if (tokens % kvp != 0) {
      throw new InvalidInputException("KVP (%d) must divide the %d tokens".formatted(kvp, tokens));
    }
    Spec keys =
        Spec.of(
            kv,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, perRank(kvHeads, tpa)),
            new Dim(Axis.SLOTS, tokens / kvp),
            new Dim(Axis.HEAD_DIM, headDim));
    return 2 * machine.bytes(keys) / machine.gpu().hbmBytesPerMicro();
  }

  /**
   * The time to read the weights: (2·H·(Q/TPA)·Hsz + 2·H·⌈K/TPA⌉·Hsz + 3·H·F/TPF) · bytes / MemBW.
   */
  public double weightMicros(Machine machine, int tpa, int tpf) {
    int hidden = queryHeads * headDim;
    long bytes =
        2 * matrix(machine, hidden, queryHeads / tpa * headDim)
            + 2 * matrix(machine, hidden, perRank(kvHeads, tpa) * headDim)
            + 3 * matrix(machine, hidden, intermediate / tpf);
    return bytes / machine.gpu().hbmBytesPerMicro();
  }

  private long matrix(Machine machine, int in, int out) {
    return machine.bytes(Spec.of(weights, Axis.QKV, out, Axis.HIDDEN, in));
  }

  private static int perRank(int heads, int tpa) {
    return (heads + tpa - 1) / tpa;
  }
}

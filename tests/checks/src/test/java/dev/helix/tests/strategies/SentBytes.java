package dev.helix.tests.strategies;

import dev.helix.ffn.MoeShape;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The bytes that a rank sends in one step in which each request has one token, by the formulae of
 * the manual's page on strategies.
 *
 * @param batch number of requests
 * @param format how wide what crosses is
 * @param travelling which tokens travel to experts
 */
record SentBytes(ModelConfig model, int batch, Format format, Travelling travelling) {
  /**
   * The widths of what crosses.
   *
   * @param number bytes of a number
   * @param lse bytes of a log-sum-exp
   * @param frame bytes in front of each payload, and of a number of rows
   */
  record Format(long number, long lse, long frame) {
    /** A run in double precision. */
    static final Format FP64 = new Format(Double.BYTES, Double.BYTES, Integer.BYTES);

    /** A deployed model with BF16 activations, whose transport is not looked at. */
    static final Format BF16 = new Format(2, Float.BYTES, 0);
  }

  /** How many tokens go from one rank to the experts of another. */
  interface Travelling {
    long tokens(int layer, int from, int to);
  }

  /** The bytes of each exchange; none of those that send nothing. */
  Map<String, Long> of(Strategy strategy, int rank) {
    Map<String, Long> sent = new TreeMap<>();
    if (strategy instanceof TensorParallelStrategy) {
      group(sent, model.layers(), batch, strategy.ranks());
      sent.put("allGather", logits(batch, strategy.ranks()));
    } else if (strategy instanceof PipelineStrategy pipeline) {
      int stage = pipeline.stageOf(rank);
      int width = pipeline.stage().ranks();
      boolean last = stage == pipeline.pp() - 1;
      group(sent, pipeline.layers(model.layers(), stage).size(), batch, width);
      sent.put("pointToPoint", last ? 0 : stream(batch));
      sent.put("allGather", last ? logits(batch, width) : 0);
    } else if (strategy instanceof MedhaStrategy medha) {
      medha(sent, medha, rank);
    } else if (strategy instanceof DataParallelStrategy data) {
      groups(sent, data, rank);
    }
    sent.values().removeIf(bytes -> bytes == 0);
    return sent;
  }

  private void medha(Map<String, Long> sent, MedhaStrategy medha, int rank) {
    int width = medha.tpf() * medha.ep();
    int owners = width / medha.tpa();
    boolean fixed = rank % medha.kvp() < owners;
    sent.put(
        "broadcast",
        rank == 0 ? model.layers() * (medha.ranks() - (long) width) * stream(batch) : 0);
    long peers = owners - (fixed ? 1L : 0);
    sent.put(
        owners == medha.kvp() ? "allToAll" : "gatherBlocks",
        model.layers() * peers * states(batch, width));
    if (fixed) {
      group(sent, model.layers(), batch, width);
      sent.put("allGather", logits(batch, width));
    }
  }

  private void groups(Map<String, Long> sent, DataParallelStrategy data, int rank) {
    int width = data.kvp() * data.tpa();
    int group = rank / width;
    int held = (int) IntStream.range(0, batch).filter(r -> r % data.dp() == group).count();
    sent.put("allToAll", model.layers() * (data.kvp() - 1L) * states(held, width));
    group(sent, model.layers(), held, width);
    sent.put("allGather", logits(held, width));
    long rows = 0;
    long counts = 0;
    int denseLayers = model.mixture().map(Mixture::denseLayers).orElse(model.layers());
    long experts = model.mixture().map(Mixture::shape).map(MoeShape::experts).orElse(0);
    for (int layer = data.ranks() == 1 ? model.layers() : denseLayers;
        layer < model.layers();
        layer++) {
      for (int peer = 0; peer < data.ranks(); peer++) {
        if (peer != rank) {
          long there = travelling.tokens(layer, rank, peer);
          long back = travelling.tokens(layer, peer, rank);
          rows += format.frame + there * (2 * format.frame + (hidden() + experts) * format.number);
          rows += format.frame + back * (format.frame + hidden() * format.number);
          counts += format.frame;
        }
      }
    }
    sent.put("allToAllRows", rows);
    sent.put("exchangeCounts", counts);
  }

  /** Two all-reduces in each layer. */
  private void group(Map<String, Long> sent, long layers, int rows, int ranks) {
    sent.put("allReduce", 2 * layers * 2 * (ranks - 1) * stream(rows) / ranks);
  }

  /** The partial states of one peer's heads, if so many ranks own the heads. */
  private long states(int rows, int owners) {
    int heads = model.latent().map(shape -> shape.heads()).orElse(model.attention().queryHeads());
    long width = model.latent().map(shape -> shape.latent()).orElse(model.attention().headDim());
    long head = width * format.number + format.lse;
    return (long) rows * heads / owners * head + 2 * format.frame;
  }

  private long hidden() {
    return model.attention().hidden();
  }

  private long stream(int rows) {
    return rows * hidden() * format.number;
  }

  private long logits(int rows, int ranks) {
    return (ranks - 1L) * rows * format.number * ((model.vocabularySize() - 1) / ranks + 1);
  }
}

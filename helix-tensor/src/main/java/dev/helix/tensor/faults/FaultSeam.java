package dev.helix.tensor.faults;

/** The parts of a sharded decode in which a fault can act. */
public enum FaultSeam {
  /** The merge of partial states. */
  MERGE,
  /** The kernel that attends over one rank's tokens. */
  KERNEL,
  /** The cache: which rank keeps which token, how many tokens it has, and in which pages. */
  CACHE,
  /** The positions by which the rotary embedding turns queries and keys. */
  POSITIONS,
  /** The exchanges between ranks. */
  EXCHANGE,
  /** The choice of experts. */
  ROUTING,
  /** The feed-forward network and the sum of its parts. */
  FFN,
  /** The logits, gathered from shards of the vocabulary, and the choice of a token. */
  HEAD
}

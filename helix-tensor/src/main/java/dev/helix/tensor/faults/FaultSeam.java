package dev.helix.tensor.faults;

/** Where in a sharded decode a fault acts. */
public enum FaultSeam {
  /** The merge of partial states. */
  MERGE,
  /** The kernel that attends over one rank's part of the tokens. */
  KERNEL,
  /** Which rank keeps which token, how many it has, and in which pages. */
  CACHE,
  /** The positions by which queries and keys are turned. */
  POSITIONS,
  /** The exchanges between ranks. */
  EXCHANGE,
  /** The choice of experts. */
  ROUTING,
  /** The feed-forward network and the sum of its parts. */
  FFN
}

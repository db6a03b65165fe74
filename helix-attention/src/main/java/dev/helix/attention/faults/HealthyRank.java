package dev.helix.attention.faults;

import dev.helix.attention.AttentionKernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;

/**
 * The parts with which one rank attends, before a fault changes them.
 *
 * @param role the role of the rank
 * @param numbers reads and makes the rank's tensors
 * @param kernels the healthy attention kernels
 */
public record HealthyRank<T extends Tensor>(
    RankRole role, RankNumbers<T> numbers, AttentionKernels<T> kernels) {}

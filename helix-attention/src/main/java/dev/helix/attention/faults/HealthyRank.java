package dev.helix.attention.faults;

import dev.helix.attention.AttentionKernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;

/**
 * What one rank attends with before a fault changes it.
 *
 * @param role the role of the rank
 * @param numbers reads and makes the rank's tensors
 * @param kernels the healthy attention kernels
 */
public record HealthyRank<T extends Tensor>(
    RankRole role, RankNumbers<T> numbers, AttentionKernels<T> kernels) {}

package dev.helix.attention.faults;

import dev.helix.attention.AttentionKernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;

/**
 * What one rank attends with before anything goes wrong.
 *
 * @param numbers how it reads and makes tensors
 */
public record HealthyRank<T extends Tensor>(
    RankPlace place, RankNumbers<T> numbers, AttentionKernels<T> kernels) {}

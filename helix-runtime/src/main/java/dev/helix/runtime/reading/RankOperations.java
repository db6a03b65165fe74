package dev.helix.runtime.reading;

import dev.helix.attention.AttentionKernels;
import dev.helix.ffn.FfnKernels;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;

/** The whole vocabulary as one reading interprets it on one rank. */
public record RankOperations<T extends Tensor>(
    RankScope scope,
    Kernels<T> kernels,
    AttentionKernels<T> attention,
    FfnKernels<T> ffn,
    Collectives<T> collectives) {}

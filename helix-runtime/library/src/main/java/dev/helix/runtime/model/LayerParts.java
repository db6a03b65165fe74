package dev.helix.runtime.model;

import dev.helix.tensor.Tensor;

/**
 * The parts that a strategy makes for one layer on one rank.
 *
 * @param attention the attention
 * @param ffn the FFN
 */
public record LayerParts<T extends Tensor>(AttentionPart<T> attention, FfnPart<T> ffn) {}

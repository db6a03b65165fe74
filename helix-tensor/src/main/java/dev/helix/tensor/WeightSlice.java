package dev.helix.tensor;

import java.util.function.Supplier;

/**
 * The part of a checkpoint's tensor that one rank holds, and how to read it.
 *
 * <p>{@code key} names the part, for example {@code "lm_head.weight[0:16,0:128]"}. Ranks that hold
 * the same part pass equal keys, and a reading may then convert and keep the numbers once for all
 * of them. {@code values} reads the numbers, row-major. A reading calls it at most once for each
 * key.
 */
public record WeightSlice(String key, Supplier<double[]> values) {}

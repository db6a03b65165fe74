/**
 * The weights of a checkpoint in its files, in the ways in which they are stored: as they are, in
 * FP8 with scales of blocks, rows or a whole matrix, and in FP4 with scales of blocks. Start with
 * {@link dev.helix.runtime.checkpoint.weights.WeightFiles}, which has the open files, and {@link
 * dev.helix.runtime.checkpoint.weights.StoredForms}, which finds out how a matrix is stored.
 */
package dev.helix.runtime.checkpoint.weights;

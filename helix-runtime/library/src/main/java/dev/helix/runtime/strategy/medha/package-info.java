/**
 * Medha as a strategy of the whole decoder. Start with {@link
 * dev.helix.runtime.strategy.medha.MedhaStrategy}, which says which ranks attend and which of them
 * form the fixed group, and {@code MedhaPartLoader}, which makes the parts of a rank. Ranks outside
 * of the group have attention only, which {@link dev.helix.attention.medha} computes.
 */
package dev.helix.runtime.strategy.medha;

/**
 * Medha as a strategy of the whole decoder. {@link dev.helix.runtime.strategy.medha.MedhaStrategy}
 * says which ranks attend and which of them form the fixed group; {@code MedhaPartLoader} makes the
 * parts of a rank, of which those outside of the group have attention alone. Attention is in {@link
 * dev.helix.attention.medha}.
 */
package dev.helix.runtime.strategy.medha;

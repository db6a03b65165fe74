/**
 * The readings of the decode program. Each of them says what a tensor is, and gathers the
 * operations of all modules for one rank. Start with {@link dev.helix.runtime.reading.Reading} and
 * {@link dev.helix.runtime.reading.Fp64Reading}.
 */
package dev.helix.runtime.reading;

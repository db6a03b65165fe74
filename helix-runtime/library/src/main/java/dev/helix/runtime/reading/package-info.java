/**
 * The readings of the decode program: each says what a tensor is and gathers the operations of all
 * modules for one rank.
 */
package dev.helix.runtime.reading;

/** Rotary position embedding, by global positions. */
package dev.helix.attention.rotary;

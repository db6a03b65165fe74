/**
 * Rotary position embedding as the laws of attention state it: start with {@link
 * dev.helix.laws.rotary.RotaryRule}, what a model's configuration says, and {@link
 * dev.helix.laws.rotary.RotaryReference}, what follows from it for two positions, in 50 digits.
 * Nothing here is shared with the rotary embedding that this project decodes with.
 */
package dev.helix.laws.rotary;

/**
 * Faults of the positions and rules by which queries and keys are turned. {@link
 * dev.helix.attention.faults.rotary.RotaryFaults} lists them; a {@link
 * dev.helix.attention.faults.rotary.RotaryRuleFault} says which parameters a faulty program uses.
 */
package dev.helix.attention.faults.rotary;

/**
 * The laws of partial attention, which makes the states that are merged: start with {@link
 * dev.helix.laws.attention.AttentionLaws}, the contract that a test class inherits, and {@link
 * dev.helix.laws.attention.AttentionInput}, what its adapter is given. {@link
 * dev.helix.laws.attention.AttentionHardCase} lists the hard inputs, which half of all drawn cases
 * are.
 */
package dev.helix.laws.attention;

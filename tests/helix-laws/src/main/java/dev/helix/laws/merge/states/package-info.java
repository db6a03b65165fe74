/**
 * Partial states as the laws of the merge see them, and as an implementation is given them. Start
 * with {@link dev.helix.laws.merge.states.Stack}, which holds the parts of one question, and {@link
 * dev.helix.laws.merge.states.PartialStack}, which spells them in the implementation's convention.
 */
package dev.helix.laws.merge.states;

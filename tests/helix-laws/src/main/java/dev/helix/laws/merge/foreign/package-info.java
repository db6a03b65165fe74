/**
 * Holds a program in any language that reads and writes files against the laws of the merge. Start
 * with {@link dev.helix.laws.merge.foreign.ForeignProgram}, which starts the program, and {@code
 * Replay}, which runs the code of a law again each time the program has answered.
 */
package dev.helix.laws.merge.foreign;

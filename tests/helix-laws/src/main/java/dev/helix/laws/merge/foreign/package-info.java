/**
 * The laws of the merge against any program that reads and writes files, in any language: start
 * with {@link dev.helix.laws.merge.foreign.ForeignProgram}, which documents the files and asks for
 * the cases, and {@code Replay}, which runs the body of a law again each time the program has
 * answered.
 */
package dev.helix.laws.merge.foreign;

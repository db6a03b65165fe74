/**
 * Holds a program in any language that reads and writes files against the laws of a seam. Start
 * with {@link dev.helix.laws.foreign.ForeignProgram}, which has the program's questions answered,
 * and {@link dev.helix.laws.foreign.ForeignSeam}, which is what a seam gives for that.
 */
package dev.helix.laws.foreign;

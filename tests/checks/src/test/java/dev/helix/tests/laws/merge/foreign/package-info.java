/**
 * Programs behind files under the laws of the merge: {@code ForeignProgramTest} starts {@link
 * dev.helix.tests.laws.merge.foreign.AnsweringProgram}, a right or a faulty one.
 */
package dev.helix.tests.laws.merge.foreign;

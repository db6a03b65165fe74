/**
 * Questions to a merge and its answers in files, as a program in any language reads and writes
 * them: {@link dev.helix.laws.merge.files.CaseFiles}.
 */
package dev.helix.laws.merge.files;

/**
 * Questions to a partial attention and its answers in files, as a program in any language reads and
 * writes them: {@link dev.helix.laws.attention.files.AttentionFiles}, which fills pages as {@link
 * dev.helix.laws.attention.files.PagedCache} says.
 */
package dev.helix.laws.attention.files;

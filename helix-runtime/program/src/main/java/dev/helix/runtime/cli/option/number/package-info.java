/**
 * Numbers that are given to options: how they are read, and within which limits. Start with {@link
 * dev.helix.runtime.cli.option.number.WholeNumber}, which reads one, and {@link
 * dev.helix.runtime.cli.option.number.GivenNumber}, which refuses one that is out of range.
 */
package dev.helix.runtime.cli.option.number;

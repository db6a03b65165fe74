/**
 * Options that several commands have, and what can be given to them: models, layouts, machines,
 * readings, files. Start with {@link dev.helix.runtime.cli.option.ModelOption} and {@link
 * dev.helix.runtime.cli.option.LayoutOptions}.
 *
 * <p>An option that would have no effect beside another is refused, not ignored: each group of
 * options says so itself, through {@link dev.helix.runtime.cli.option.GivenOptions}.
 */
package dev.helix.runtime.cli.option;

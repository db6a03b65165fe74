/**
 * Options that several commands have, and what can be given to them: models, layouts, machines,
 * readings, files. Start with {@link dev.helix.runtime.cli.option.ModelOption} and {@link
 * dev.helix.runtime.cli.option.LayoutOptions}.
 *
 * <p>An option that would have no effect together with another one is refused and not ignored. Each
 * group of options refuses its own, through {@link dev.helix.runtime.cli.option.GivenOptions}.
 */
package dev.helix.runtime.cli.option;

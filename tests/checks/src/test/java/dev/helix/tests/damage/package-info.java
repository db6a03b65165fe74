/**
 * The loader under damaged files. {@link dev.helix.tests.damage.DamagedFile} makes, from one seed,
 * a tokenizer, configuration, index or weight file that is damaged; {@link
 * dev.helix.tests.damage.LoaderLaw} says how the loader has to take it.
 *
 * <p>{@link dev.helix.tests.damage.DamagedTensorFile} does the same to files of tensors that other
 * programs wrote, and {@link dev.helix.tests.damage.DamagedDump} to dumps; they are parsed in
 * process.
 *
 * <p>The native tokenizer can end a process. So processes that are thrown away parse the files, and
 * a seed on which one ends is named. A seed names the same file for as long as this package is the
 * same; so each fault that was found is also kept as a file of its own, in the tests of the class
 * that mends it.
 */
package dev.helix.tests.damage;

/**
 * Dumps of other programs. {@link dev.helix.tests.dumps.GivenDumps} are those that come with these
 * tests, and {@link dev.helix.tests.dumps.GivenDumpsTest} reads them.
 */
package dev.helix.tests.dumps;

/**
 * Decodes of whole models with a fault in every rank, for exhibits that only a strategy can show.
 * Start with {@link dev.helix.laws.museum.faulty.FaultyStrategies}, which makes them, and {@link
 * dev.helix.runtime.fault.FaultyStrategy}, which puts a fault into the caches of any strategy.
 */
package dev.helix.laws.museum.faulty;

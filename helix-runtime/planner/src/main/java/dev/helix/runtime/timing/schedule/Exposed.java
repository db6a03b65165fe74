package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.trace.Operation;

/**
 * The part of a step's time that an operation takes and nothing hides.
 *
 * @param operation the operation
 * @param micros from its start to that of the operation which waited for it, in µs
 */
public record Exposed(Operation operation, double micros) {}

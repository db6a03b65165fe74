package dev.helix.runtime.timing.schedule;

/**
 * The operation that another one had to wait for last.
 *
 * @param operation the operation
 * @param inStepBefore whether it belongs to the step before, as in a pipeline that is kept full
 */
public record Waited(OperationAt operation, boolean inStepBefore) {}

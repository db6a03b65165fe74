package dev.helix.runtime.timing.schedule;

/**
 * One operation of one kind of rank.
 *
 * @param kind index of the kind among all kinds of ranks
 * @param index index of the operation in the program of that kind
 */
public record OperationAt(int kind, int index) {}

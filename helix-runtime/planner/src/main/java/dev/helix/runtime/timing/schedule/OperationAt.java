package dev.helix.runtime.timing.schedule;

/**
 * One operation of one kind of rank.
 *
 * @param kind its place among the kinds of ranks
 * @param index its place in the program of that kind
 */
public record OperationAt(int kind, int index) {}

/**
 * What takes the memory of a GPU in a decode step, item by item. Start with {@link
 * dev.helix.runtime.timing.memory.StepMemory}, which adds up the items of every rank of a traced
 * step, and {@link dev.helix.runtime.timing.memory.MemoryItem}, which says what each item is and
 * what of it is an assumption.
 */
package dev.helix.runtime.timing.memory;

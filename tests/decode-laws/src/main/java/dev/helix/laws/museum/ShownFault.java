package dev.helix.laws.museum;

import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;

/**
 * A fault of a part that this project has no place to put it into: it is shown in a variant of that
 * part as the textbook has it.
 */
record ShownFault(FaultSeam seam, FaultStory story) implements Fault {}

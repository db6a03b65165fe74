package dev.helix.laws.museum;

import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;

/**
 * A fault that cannot be put into this project's own parts. It is shown in a variant of the
 * textbook part instead.
 */
record ShownFault(FaultSeam seam, FaultStory story) implements Fault {}

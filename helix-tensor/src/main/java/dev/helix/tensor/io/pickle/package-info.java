/**
 * Reads pickles without executing anything. A pickle is a program for a small stack machine, which
 * can call any function of Python. {@link dev.helix.tensor.io.pickle.PickleReader} knows a closed
 * list of the machine's instructions and calls nothing; a {@link
 * dev.helix.tensor.io.pickle.PickleObjects} says what becomes of the functions that the pickle
 * names, and everything else stays an {@link dev.helix.tensor.io.pickle.PickleValue.Opaque opaque}
 * value that has a name and nothing more.
 */
package dev.helix.tensor.io.pickle;

/**
 * What a fault is, and the faults of exchanges between ranks. A {@link
 * dev.helix.tensor.faults.Fault} is a value: its story, and a change of what one rank works with.
 * The museum of the laws, a decode with a fault switched on and the diagnosis of a dump use the
 * same ones; attention and the FFN have those of their own. {@link
 * dev.helix.tensor.faults.ExchangeFaults} is a list to begin with.
 */
package dev.helix.tensor.faults;

/**
 * Faults that serving systems have shipped, as values, and among them those of the exchanges
 * between ranks. Start with {@link dev.helix.tensor.faults.Fault}, which tells its story and
 * changes what one rank works with, and {@link dev.helix.tensor.faults.ExchangeFaults}, the first
 * list of them. Attention and the FFN list their own. The museum, a decode with a fault switched on
 * and the diagnosis of a dump use the same faults.
 */
package dev.helix.tensor.faults;

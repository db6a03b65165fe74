/**
 * Makes a dump of the tensors of files. Start with {@link
 * dev.helix.runtime.dump.reading.DumpReader}, and with {@link
 * dev.helix.runtime.dump.reading.DumpOptions}, which hold what the user says of the dump. Roles
 * come from names or from the user's map; axes come from roles and sizes.
 */
package dev.helix.runtime.dump.reading;

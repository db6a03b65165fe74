/**
 * Faults that wrong answers are compared with, so that a failure names the one that gives them:
 * {@link dev.helix.laws.diagnosis.ShippedMergeFaults} lists those of the merge. The laws find this
 * package as a service and do not depend on it.
 */
package dev.helix.laws.diagnosis;

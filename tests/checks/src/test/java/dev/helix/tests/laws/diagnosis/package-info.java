/**
 * Tests of what a failure says: {@code DiagnosisTest} shows that a fault is named if it gives the
 * answers, and {@code ImpreciseMergeTest} that none is named for answers that are only imprecise.
 */
package dev.helix.tests.laws.diagnosis;

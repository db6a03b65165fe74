/**
 * Programs behind files in the place of kernels, placements and routers: {@code ForeignSeamsTest}
 * starts {@link dev.helix.tests.laws.foreign.ServingProgram}, right or faulty, and {@code
 * PythonModuleTest} lets Python answer.
 */
package dev.helix.tests.laws.foreign;

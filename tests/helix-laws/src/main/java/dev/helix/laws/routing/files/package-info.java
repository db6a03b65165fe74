/**
 * Questions to a router and its answers in files, as a program in any language reads and writes
 * them: {@link dev.helix.laws.routing.files.RoutingFiles}, for a router that is described by {@link
 * dev.helix.laws.routing.files.RouterDeclaration}.
 */
package dev.helix.laws.routing.files;

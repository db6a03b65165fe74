/**
 * The command {@code helix layouts}, which decodes the same prompts on every legal layout. Start
 * with {@link dev.helix.runtime.cli.layouts.LayoutsCommand}, then read {@code LegalPlans}, which
 * says what is legal.
 */
package dev.helix.runtime.cli.layouts;

package dev.helix.runtime.checkpoint;

import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;

/**
 * The mixture of experts of a model.
 *
 * @param shape the sizes of the mixture
 * @param rule the rule by which experts are chosen
 * @param denseLayers how many of the first layers have a dense FFN instead
 * @param biased whether the router has a bias that is used for the choice only
 * @param names the names under which the weights are stored
 */
public record Mixture(
    MoeShape shape, RouterRule rule, int denseLayers, boolean biased, ExpertNames names) {}

"""Pure functions from attention to scores."""

from attnwidget.methods.alternatives import alternatives
from attnwidget.methods.alti import alti, alti_by_layer
from attnwidget.methods.contributions import Contributions, logit_contributions
from attnwidget.methods.counterfactual import counterfactual
from attnwidget.methods.effects import effects
from attnwidget.methods.fusion import fuse_heads
from attnwidget.methods.gradient_flow import gradient_flow
from attnwidget.methods.knockout import knockout
from attnwidget.methods.knockout_effects import knockout_effects
from attnwidget.methods.knockout_estimates import knockout_estimates
from attnwidget.methods.max_flow import max_flow
from attnwidget.methods.mean_alti import mean_alti
from attnwidget.methods.relevance import relevance
from attnwidget.methods.replaced import replaced
from attnwidget.methods.reworded import reworded
from attnwidget.methods.rollout import rollout, rollout_by_layer
from attnwidget.methods.runs_of import runs_of
from attnwidget.methods.value_norm import value_norm

__all__ = [
    "Contributions",
    "alternatives",
    "alti",
    "alti_by_layer",
    "counterfactual",
    "effects",
    "fuse_heads",
    "gradient_flow",
    "knockout",
    "knockout_effects",
    "knockout_estimates",
    "logit_contributions",
    "max_flow",
    "mean_alti",
    "relevance",
    "replaced",
    "reworded",
    "rollout",
    "rollout_by_layer",
    "runs_of",
    "value_norm",
]

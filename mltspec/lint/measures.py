"""What is known of metrics by their names: which way is better, and between which values they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """``higher``: more is better; a value lies between ``low`` and ``high``, both included."""

    higher: bool
    low: float = 0.0
    high: float = 1.0


_SHARE = Measure(higher=True)
_CORRELATION = Measure(higher=True, low=-1.0)
_ERROR = Measure(higher=False, high=math.inf)

MEASURES = {
    **dict.fromkeys(
        ("accuracy", "auc", "precision", "recall", "f1", "average_precision", "balanced_accuracy", "sensitivity",
         "specificity", "roc_auc", "pr_auc", "binary_accuracy", "categorical_accuracy", "top_k_categorical_accuracy",
         "sparse_categorical_accuracy", "iou", "mean_iou"),
        _SHARE,
    ),
    **dict.fromkeys(("mcc", "cohen_kappa", "pearson", "spearman"), _CORRELATION),
    "r2": Measure(higher=True, low=-math.inf),
    **dict.fromkeys(
        ("mae", "mse", "rmse", "msle", "mape", "log_loss", "cross_entropy", "crossentropy", "binary_crossentropy",
         "categorical_crossentropy", "sparse_categorical_crossentropy", "mean_absolute_error", "mean_squared_error",
         "root_mean_squared_error", "hinge", "perplexity"),
        _ERROR,
    ),
    **dict.fromkeys(("brier", "calibration_error", "error_rate"), Measure(higher=False)),
    # A loss may be negative, and the model's main metric may be any: only their direction is known, or not even that.
    "loss": Measure(higher=False, low=-math.inf, high=math.inf),
}  # fmt: skip
UNDECIDED = frozenset({"quality"})
"""Names that stand for a metric of the model's own; its direction is known where the model is."""

"""Pictures of answers, held against scikit-learn's curves over the rows themselves."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_auc_score

from mltspec.checks.quality import not_worse_than_baseline
from mltspec.checks.quality.score_pictures import of_answers, of_both
from mltspec.evidence.predictions import ScoreCounts
from mltspec.subjects.answers import Answers
from mltspec.subjects.score_counts import counted, merged

GENERATOR = np.random.default_rng(0)
TRUTH = GENERATOR.integers(0, 2, 4000)
SCORE = np.clip(0.5 + 0.25 * (TRUTH - 0.5) + 0.15 * GENERATOR.normal(size=4000), 0, 1)
BINARY = counted(Answers(TRUTH[:, None], SCORE[:, None]))


def test_the_roc_curve_is_that_of_the_rows():
    (roc,) = of_answers(BINARY, "auc")
    model, chance = roc.lines
    assert (model.x[0], model.y[0], model.x[-1], model.y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(model.y, model.x) == pytest.approx(roc_auc_score(TRUTH, SCORE), abs=2e-3)
    assert chance.name == "chance"


def test_the_precision_recall_curve_is_that_of_the_rows():
    _, drawn = of_answers(BINARY, "precision")
    precision, recall, cut = precision_recall_curve(TRUTH, SCORE)
    at = np.searchsorted(cut, 0.6)
    nearest = int(np.argmin(np.abs(np.array(drawn.lines[0].x) - recall[at])))
    assert drawn.lines[0].y[nearest] == pytest.approx(precision[at], abs=0.01)
    assert drawn.lines[0].x[-1] == 1


def test_confusion_is_scikit_learns_and_its_worst_mistake_is_marked():
    truth = GENERATOR.integers(0, 3, 900)
    score = np.eye(3)[truth] + GENERATOR.normal(size=(900, 3))
    score[truth == 1, 2] += 1
    (table,) = of_answers(counted(Answers(truth, score)), "accuracy")
    expected = confusion_matrix(truth, score.argmax(axis=1))
    assert [[int(cell) for cell in row[1:]] for row in table.rows] == expected.tolist()
    assert table.marked[0] == (1, 3)


def test_scores_of_both_models_lie_in_one_picture():
    other = counted(Answers(TRUTH[:, None], (1 - SCORE)[:, None]))
    seen = not_worse_than_baseline._example(0.0, -0.01, 0.01)
    both = of_both(seen.model_copy(update={"our_scores": BINARY, "their_scores": other}), "auc")
    assert [picture.title for picture in both] == ["where scores lie", "ROC"]
    names = [line.name for line in both[0].lines]
    assert names == ["ours, label yes", "ours, label no", "baseline, label yes", "baseline, label no"]
    assert all(sum(line.y) == pytest.approx(1) for line in both[0].lines)
    assert [line.name for line in both[1].lines] == ["ours", "baseline", "chance"]
    assert of_both(seen, "auc") == []


def test_counts_of_parts_are_the_counts_of_all():
    parts = [counted(Answers(TRUTH[at][:, None], SCORE[at][:, None])) for at in np.array_split(np.arange(4000), 3)]
    assert merged(merged(parts[0], parts[1]), parts[2]) == BINARY
    assert merged(BINARY, None) is None


def test_numbers_and_what_is_not_finite_have_no_picture():
    assert counted(Answers(SCORE[:, None], SCORE[:, None])) is None
    assert counted(Answers(TRUTH[:, None], np.where(SCORE > 0.9, np.nan, SCORE)[:, None])) is None
    assert counted(None) is None
    assert of_answers(None, "mae") == []
    assert of_answers(ScoreCounts(yes=(3, 0), no=(0, 0)), "auc") == []

import numpy as np
import pytest
from formula import Formula

from mltspec.probes.batch import typical
from mltspec.probes.claims.company import rows_independent
from mltspec.probes.claims.outputs import outputs_finite, outputs_in_range
from mltspec.probes.claims.steps import train_step_finite
from mltspec.probes.recipe import Space
from mltspec.probes.schema import derive, differing
from mltspec.probes.search import Budget, search
from mltspec.probes.trial import Step

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(0, 1, (500, 6)).astype("float32")
PRICE = RNG.lognormal(3, 1, (500, 1)).astype("float32")
PRICE[77] = 0
SCHEMA = derive({"image": IMAGES, "price": PRICE, "carrier": RNG.choice(["UA", "AA"], 500)}, [RNG.integers(0, 2, 500)])


def look(model, *claims, least=1, most=64, examples=400, seed=3):
    return search(SCHEMA, Space(least, most), claims, model, Budget(examples, seed)).findings


def unusual(finding):
    """Return the names of the columns that are not a typical row's, row by row."""
    return [
        (int(row), feature.column(int(column)))
        for table, feature in zip(finding.broken_by.tables, SCHEMA.features, strict=True)
        for row, column in np.argwhere(differing(table, feature.typical))
    ]


def healthy(image, price, carrier):
    return 1 / (1 + np.exp(-image.sum(axis=1, keepdims=True)))


def test_healthy_claims_hold_over_as_many_batches_as_asked():
    model = Formula(healthy)
    claims = [outputs_finite(), outputs_in_range(0, 1), rows_independent(1e-6), train_step_finite()]
    for finding in look(model, *claims, examples=300):
        assert finding.broken_by is None
        assert not finding.flaky
        assert finding.examples == 300
        assert 3000 < finding.rows < 300 * 64
        assert finding.worst is not None
        assert finding.claim.says in finding.worst_text


def test_claims_share_the_forward_pass_and_the_step():
    model = Formula(healthy)
    look(model, outputs_finite(), outputs_in_range(0, 1), train_step_finite(), train_step_finite(), examples=100)
    assert (model.forwards, model.steps) == (100, 100)


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    one, same, other = Formula(healthy), Formula(healthy), Formula(healthy)
    look(one, outputs_finite())
    look(same, outputs_finite())
    look(other, outputs_finite(), seed=4)
    assert one.seen == same.seen
    assert len(set(one.seen) & set(other.seen)) < 20


def test_logarithm_of_zero_is_one_row_and_one_cell():
    (finding,) = look(Formula(lambda image, price, carrier: np.log(price)), outputs_finite())
    assert finding.broken_by.rows == 1
    assert unusual(finding) == [(0, "price")]
    assert finding.broken_by.tables[1].tolist() == [[0]]
    assert finding.outcome.seen == "output 0 for row 0 is minus infinite"


def test_overflow_only_at_the_very_end_of_the_range():
    edge = PRICE.max()
    (finding,) = look(Formula(lambda image, price, carrier: np.where(price >= edge, np.inf, price)), outputs_finite())
    assert unusual(finding) == [(0, "price")]
    assert finding.broken_by.tables[1][0, 0] == edge


def test_two_features_at_their_ends_at_once():
    def formula(image, price, carrier):
        bad = (image[:, 2] >= IMAGES[:, 2].max()) & (price[:, 0] <= 0)
        return np.where(bad, np.nan, 0.0)[:, None]

    (finding,) = look(Formula(formula), outputs_finite(), examples=2000)
    assert unusual(finding) == [(0, "image[2]"), (0, "price")]


def test_a_category_never_seen():
    (finding,) = look(
        Formula(lambda image, price, carrier: np.where(np.isin(carrier, ["UA", "AA"]), 0, np.nan)),
        outputs_finite(),
    )
    assert unusual(finding) == [(0, "carrier")]


def test_division_by_the_batchs_own_spread():
    def formula(image, price, carrier):
        return (image - image.mean(axis=0)) / image.std(axis=0)

    (finding,) = look(Formula(formula), outputs_finite())
    assert (finding.broken_by.rows, unusual(finding)) == (1, [])
    (finding,) = look(Formula(formula), outputs_finite(), least=2)
    assert (finding.broken_by.rows, unusual(finding)) == (2, [])


def test_a_fault_of_large_batches_is_shrunk_to_the_smallest_that_shows_it():
    def formula(image, price, carrier):
        return np.full((len(image), 1), np.inf if len(image) >= 17 else 0.0)

    (finding,) = look(Formula(formula), outputs_finite())
    assert finding.broken_by.rows == 17
    assert unusual(finding) == []


def test_outputs_a_little_outside_their_range():
    def formula(image, price, carrier):
        return healthy(image, price, carrier) * 1.1

    (finding,) = look(Formula(formula), outputs_in_range(0, 1))
    assert finding.broken_by.rows == 1
    assert finding.outcome.value > 1
    assert finding.outcome.seen.startswith("output 0 for row 0 is 1.0")
    assert finding.outcome.seen.endswith("above 1")


def test_rows_that_look_at_their_neighbours():
    def formula(image, price, carrier):
        return image - 0.1 * image.mean(axis=0)

    (finding,) = look(Formula(formula), rows_independent(1e-5))
    assert finding.broken_by.rows <= 2
    assert "in the batch and" in finding.outcome.seen
    assert finding.outcome.value > 1e-5


def test_nothing_compares_as_equal_to_nan_but_nan():
    def formula(image, price, carrier):
        return np.full((len(image), 1), np.nan)

    (finding,) = look(Formula(formula), rows_independent(0), examples=50)
    assert finding.broken_by is None


def test_outputs_without_an_axis_of_rows():
    (finding,) = look(Formula(lambda image, price, carrier: np.zeros(1)), rows_independent(0), examples=50)
    assert finding.outcome.seen == "output 0 has shape (1,) for a batch of 2 rows"


def test_a_step_that_breaks_weights():
    def step(batch):
        return Step(np.inf, ("the loss", "dense/kernel")) if batch.labels[0].any() else Step(0.5, ())

    (finding,) = look(Formula(healthy, step), train_step_finite())
    assert finding.broken_by.rows == 1
    assert finding.broken_by.labels[0].tolist() == [1]
    assert finding.outcome.seen == "after one training step the loss and 1 more is not finite (loss infinite)"


def test_broken_claims_do_not_stop_the_others_and_are_shrunk_each_on_its_own():
    model = Formula(lambda image, price, carrier: np.log(price))
    finite, inside, independent = look(model, outputs_finite(), outputs_in_range(-100, 3), rows_independent(1e-6))
    assert finite.broken_by.tables[1].tolist() == [[0]]
    assert inside.broken_by.rows == 1
    assert inside.outcome.value < -100 or inside.outcome.value > 3
    assert (independent.broken_by, independent.examples) == (None, 400)


def test_a_model_that_raises_breaks_the_claim():
    def formula(image, price, carrier):
        if (price == 0).any():
            raise ZeroDivisionError("a price of nothing\nmore")
        return price

    (finding,) = look(Formula(formula), outputs_finite())
    assert unusual(finding) == [(0, "price")]
    assert finding.outcome.seen == "the model raised ZeroDivisionError: a price of nothing"


def test_a_batch_that_breaks_the_claim_only_once_is_flaky():
    calls = iter(range(10**6))

    def formula(image, price, carrier):
        return np.full((len(image), 1), np.nan if next(calls) == 40 else 0.0)

    (finding,) = look(Formula(formula), outputs_finite())
    assert finding.flaky
    assert finding.broken_by.rows > 0


def test_a_model_that_breaks_at_random_is_never_a_crash():
    dice = np.random.default_rng(0)

    def formula(image, price, carrier):
        return np.full((len(image), 1), np.nan if dice.random() < 0.3 else 0.0)

    for seed in range(8):
        (finding,) = look(Formula(formula), outputs_finite(), seed=seed)
        assert finding.flaky or finding.outcome.broken


def test_a_space_of_one_size():
    model = Formula(healthy)
    (finding,) = look(model, outputs_finite(), least=5, most=5, examples=50)
    assert finding.rows == 5 * finding.examples == 250


def test_it_leaves_global_generators_alone():
    import random

    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tobytes()
    look(Formula(healthy), outputs_finite(), examples=50)
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before


def test_large_outputs_deviate_in_proportion():
    def millions(image, price, carrier):
        rows = len(price)
        return np.full(rows, 3e6) + 0.25 * (rows % 2)

    (finding,) = look(Formula(millions), rows_independent(1e-5), examples=50)
    assert finding.broken_by is None
    (finding,) = look(Formula(millions), rows_independent(1e-9), examples=50)
    assert finding.broken_by is not None


def test_a_batch_that_broke_a_claim_before_is_tried_first_and_shrunk():
    def formula(image, price, carrier):
        return np.where((image[:, :1] > 5) & (price > 1e6), np.nan, 0.0)  # beyond anything that the search draws

    batch = typical(SCHEMA, 9)
    batch.tables[0][4], batch.tables[1][4] = 7, 2e6
    model, claims = Formula(formula), [outputs_finite(), outputs_in_range(0, 1)]
    held, _ = search(SCHEMA, Space(1, 64), claims, model, Budget(50, 0)).findings
    assert held.broken_by is None
    broken, other = search(SCHEMA, Space(1, 64), claims, model, Budget(50, 0), [[batch], []]).findings
    assert (broken.known, broken.replayed, broken.examples) == (True, 1, 1)
    assert broken.broken_by.rows == 1
    assert unusual(broken) == [(0, "image[0]"), (0, "price")]
    assert (other.known, other.replayed, other.examples) == (False, 0, 50)


def test_a_mended_counterexample_is_counted_and_the_search_goes_on():
    batch = typical(SCHEMA, 2)
    (finding,) = search(
        SCHEMA, Space(1, 4), [outputs_finite()], Formula(healthy), Budget(20, 0), [[batch, batch]]
    ).findings
    assert (finding.broken_by, finding.known, finding.replayed, finding.examples) == (None, False, 2, 22)


@pytest.mark.parametrize(("reach", "least"), [(10.0, 100), (1000.0, 1e4), (np.inf, 1e30)])
def test_hostile_batches_go_as_far_as_they_may(reach, least):
    met = []

    def formula(image, price, carrier):
        met.append(float(np.abs(image).max()))
        return image

    search(SCHEMA, Space(1, 8, reach), [outputs_finite()], Formula(formula), Budget(1500, 0))
    assert max(met) > min(least, reach * 0.99)
    assert max(met) <= min(float(np.finfo("float32").max), reach)  # images lie in 0..1


def test_a_hostile_counterexample_goes_no_further_than_it_must():
    (finding,) = search(
        SCHEMA, Space(1, 8, np.inf), [outputs_finite()],
        Formula(lambda image, price, carrier: np.where(image > 5, np.inf, image)), Budget(1500, 0),
    ).findings  # fmt: skip
    assert finding.broken_by.rows == 1
    assert 9 < finding.broken_by.tables[0].max() < 11


def test_texts_that_trip_code_are_tried_where_batches_are_hostile():
    def formula(image, price, carrier):
        return np.array([[np.nan if len(text) > 1000 else 0.0] for text in carrier[:, 0]])

    (plain,) = look(Formula(formula), outputs_finite(), examples=1000)
    assert plain.broken_by is None
    (finding,) = search(SCHEMA, Space(1, 8, 2.0), [outputs_finite()], Formula(formula), Budget(1000, 0)).findings
    assert (finding.broken_by.rows, unusual(finding)) == (1, [(0, "carrier")])

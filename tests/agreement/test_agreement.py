"""Agreement is what the literature's worked examples give, and is undefined, with a reason, where it cannot be computed."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from quotes.agreement import (
    NO_VARIATION,
    NOTHING_PAIRED,
    alpha_interval,
    category_agreement,
    coders_of,
    cohen_kappa,
    coincidences,
    confusion,
    krippendorff_alpha,
    percent_agreement,
    units_of,
    verdict,
)

Units = list[dict[Any, Any]]


def by_coder(*rows: str) -> Units:
    """Units from a line for each coder: a sign is a category, a full stop nothing."""
    columns = zip(*rows, strict=True)
    return [{coder: value for coder, value in enumerate(column) if value != "."} for column in columns]


def by_table(table: list[list[int]]) -> Units:
    """Units from a table of two coders: rows are the first's categories, columns the second's."""
    return [
        {"first": row, "second": column}
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: A, binary data of two observers; B, nominal data of two
# observers; C, nominal data of four observers with missing data. Then the computational example of three coders in the
# English Wikipedia's "Krippendorff's alpha".
BINARY = by_coder("0100000010", "1110010000")
TWO = by_coder("aabbdcccedda", "babbbccceddd")
FOUR = by_coder("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
THREE = by_coder(".....34121133.3", "1.213343.......", "..21344.21133.4")

KRIPPENDORFF = [
    pytest.param(BINARY, 0.095, id="binary, two observers"),
    pytest.param(TWO, 0.692, id="nominal, two observers"),
    pytest.param(FOUR, 0.743, id="nominal, four observers, missing values"),
    pytest.param(THREE, 0.691, id="three coders, missing values"),
]


@pytest.mark.parametrize(("units", "published"), KRIPPENDORFF)
def test_alpha_is_the_published_one(units: Units, published: float) -> None:
    alpha = krippendorff_alpha(units).value
    assert alpha is not None
    assert round(alpha, 3) == published


def test_the_coincidence_matrix_is_the_published_one() -> None:
    matrix = coincidences(FOUR)
    categories = "12345"
    table = [[matrix.pairs.get((one, other), 0) for other in categories] for one in categories]
    third, sixth = 1 / 3, 4 / 3
    assert table == [
        pytest.approx([7, sixth, third, third, 0]),
        pytest.approx([sixth, 10, sixth, third, 0]),
        pytest.approx([third, sixth, 8, third, 0]),
        pytest.approx([third, third, third, 4, 0]),
        pytest.approx([0, 0, 0, 0, 3]),
    ]
    assert [matrix.totals[category] for category in categories] == [9, 13, 10, 5, 3]
    assert (matrix.units, matrix.values) == (11, 40)


# Fleiss (1981), Statistical Methods for Rates and Proportions, table 13.1: two raters' diagnoses of 100 subjects.
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


@pytest.mark.parametrize(
    ("table", "observed", "kappa"),
    [
        pytest.param(DIAGNOSES, 0.89, 0.676, id="Fleiss 1981"),
        # The grant applications of the English Wikipedia's "Cohen's kappa", and its pair with the same percentage.
        pytest.param([[20, 5], [10, 15]], 0.70, 0.400, id="grants"),
        pytest.param([[45, 15], [25, 15]], 0.60, 0.130, id="same percentage, one"),
        pytest.param([[25, 35], [5, 35]], 0.60, 0.259, id="same percentage, other"),
    ],
)
def test_kappa_is_the_published_one(table: list[list[int]], observed: float, kappa: float) -> None:
    units = by_table(table)
    assert percent_agreement(units).value == pytest.approx(observed)
    assert cohen_kappa(units, "first", "second").value == pytest.approx(kappa, abs=0.0005)


def test_the_agreement_on_a_category_is_the_proportion_of_specific_agreement() -> None:
    found = category_agreement(coincidences(by_table(DIAGNOSES)))
    assert found == {0: pytest.approx(150 / 160), 1: pytest.approx(8 / 15), 2: pytest.approx(20 / 25)}


def test_alpha_of_two_coders_is_scotts_pi_but_for_small_samples() -> None:
    """Krippendorff's own relation: alpha = 1 - (n - 1) / n * (1 - pi), n values."""
    units = by_table(DIAGNOSES)
    shares = [Fraction(160, 200), Fraction(15, 200), Fraction(25, 200)]
    by_chance = float(sum(share * share for share in shares))
    pi = (0.89 - by_chance) / (1 - by_chance)
    assert krippendorff_alpha(units).value == pytest.approx(1 - 199 / 200 * (1 - pi))


def test_the_confusion_table_counts_who_chose_what() -> None:
    assert confusion(by_table(DIAGNOSES), "first", "second") == {
        (0, 0): 75, (0, 1): 1, (0, 2): 4, (1, 0): 5, (1, 1): 4, (1, 2): 1, (2, 2): 10,
    }  # fmt: skip
    assert confusion(by_table(DIAGNOSES), "second", "first")[1, 0] == 1


def test_what_one_coder_alone_judged_counts_nowhere() -> None:
    alone = [*FOUR, {"fifth": "1"}, {}, {0: "9"}]
    assert coincidences(alone) == coincidences(FOUR)
    assert krippendorff_alpha(alone) == krippendorff_alpha(FOUR)
    assert percent_agreement(alone) == percent_agreement(FOUR)
    assert alpha_interval(alone, resamples=50) == alpha_interval(FOUR, resamples=50)
    assert coders_of(alone) == [0, 1, 2, 3]


def test_the_order_of_units_and_coders_and_the_names_of_categories_do_not_matter() -> None:
    turned = [dict(reversed(unit.items())) for unit in reversed(FOUR)]
    renamed = [{coder: f"category {value}" for coder, value in unit.items()} for unit in turned]
    assert krippendorff_alpha(renamed).value == pytest.approx(krippendorff_alpha(FOUR).value)


@pytest.mark.parametrize("units", [[], [{}], [{"a": "support"}], [{"a": "support"}, {"b": "support"}]])
def test_where_nothing_is_paired_nothing_is_defined(units: Units) -> None:
    for measure in (krippendorff_alpha(units), percent_agreement(units), cohen_kappa(units, "a", "b")):
        assert (measure.value, measure.reason) == (None, NOTHING_PAIRED)
    assert alpha_interval(units) is None
    assert category_agreement(coincidences(units)) == {}
    assert coders_of(units) == []


def test_where_nothing_varies_alpha_is_undefined_and_not_one() -> None:
    units = [{"a": "support", "b": "support"}] * 5
    assert krippendorff_alpha(units).value is None
    assert krippendorff_alpha(units).reason == NO_VARIATION
    assert cohen_kappa(units, "a", "b").reason == NO_VARIATION
    assert percent_agreement(units).value == 1
    assert alpha_interval(units) is None


def test_kappa_of_coders_who_never_chose_the_same_is_defined() -> None:
    assert cohen_kappa([{"a": "support", "b": "oppose"}] * 3, "a", "b").value == 0


def test_perfect_agreement_is_one_and_systematic_disagreement_is_below_zero() -> None:
    perfect = by_coder("ababab", "ababab")
    assert krippendorff_alpha(perfect).value == 1
    interval = alpha_interval(perfect, resamples=200)
    assert interval
    assert (interval.low, interval.high) == (1, 1)
    opposed = krippendorff_alpha(by_coder("ababab", "bababa")).value
    assert opposed is not None
    assert opposed < 0


def test_one_unit_has_an_alpha_and_no_interval() -> None:
    unit = [{"a": "support", "b": "oppose"}]
    assert krippendorff_alpha(unit).value == 0
    assert alpha_interval(unit) is None


def test_resamples_without_variation_are_left_out_and_counted() -> None:
    interval = alpha_interval(by_coder("aaaab", "aaaab"), resamples=400)
    assert interval
    # A unit is never drawn in five draws of five with probability .8 ** 5, which is .328.
    assert 0.25 < interval.undefined / interval.resamples < 0.41


def test_an_interval_of_which_half_is_undefined_is_none() -> None:
    # Two units that differ: both are drawn in half of the resamples.
    found = [alpha_interval(by_coder("xy", "xy"), resamples=501, seed=seed) for seed in range(20)]
    assert 0 < found.count(None) < 20
    assert all(2 * one.undefined < 501 for one in found if one)


def test_an_interval_is_the_same_each_time_and_around_alpha() -> None:
    alpha = krippendorff_alpha(FOUR).value
    first, again = alpha_interval(FOUR), alpha_interval(list(reversed(FOUR)))
    assert first == again
    assert first != alpha_interval(FOUR, seed=2)
    assert first and alpha is not None
    assert first.low < alpha < first.high


def test_an_interval_is_narrower_for_more_units_and_wider_for_more_confidence() -> None:
    def width(units: Units, **asked: Any) -> float:
        interval = alpha_interval(units, resamples=400, **asked)
        assert interval
        return interval.high - interval.low

    assert width(FOUR * 9) < width(FOUR) / 2
    assert width(FOUR, confidence=0.5) < width(FOUR)


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Two coders who are right with probability .9 and else guess: alpha of the whole population is .81 (fixed seeds)."""
    chance = random.Random(7)  # noqa: S311 - no secrets
    hits = 0
    for _ in range(100):
        truth = [chance.choice("abcd") for _ in range(60)]
        judged = [[true if chance.random() < 0.9 else chance.choice("abcd") for true in truth] for _ in "ab"]
        interval = alpha_interval(by_coder(*("".join(row) for row in judged)), resamples=200)
        assert interval
        hits += interval.low <= 0.81 <= interval.high
    assert hits >= 88


def test_judgements_become_units() -> None:
    judgements = [("q1", "a", "support"), ("q2", "b", "mixed"), ("q1", "b", "support")]
    assert units_of(judgements) == [{"a": "support", "b": "support"}, {"b": "mixed"}]


@pytest.mark.parametrize(
    ("alpha", "word"),
    [
        (1, "usable"),
        (0.8, "usable"),
        (0.799, "tentative"),
        (0.667, "tentative"),
        (0.666, "unusable"),
        (-0.2, "unusable"),
    ],
)
def test_the_thresholds_are_krippendorffs(alpha: float, word: str) -> None:
    assert verdict(alpha) == word

"""The tables of docs/faithfulness.md: what is kept of a run, and that each method has a row."""

from itertools import islice

import pytest

from attnwidget.methods.registry import METHODS
from benchmarks.faithfulness import table_of
from benchmarks.truth.agreement import sentences
from benchmarks.truth.examples import EXAMPLES, kinds
from benchmarks.truth.heads import rank_of_head
from benchmarks.truth.record import Record
from benchmarks.truth.sections import sections

ROW_OF = {"dates": "attention, last layer", "heads": "knock-out, exact"}


def figures(number):
    return {"one": {"rank": [float(number)]}, "random order": {"rank": [4.0], "chance": [0.25]}}


def test_a_run_that_was_stopped_goes_on_and_one_of_something_else_begins_anew(tmp_path):
    path, measured = tmp_path / "some.jsonl", []

    def measure(number):
        measured.append(number)
        if number == 3:
            raise KeyboardInterrupt
        return figures(number)

    with pytest.raises(KeyboardInterrupt):
        Record(path, {"rows": ["one"]}).measure(range(1, 9), 6, measure, print)
    again = Record(path, {"rows": ["one"]}).measure(range(1, 9), 4, figures, print)
    assert measured == [1, 2, 3]
    assert again["one"]["rank"] == [1, 2, 3, 4]
    other = Record(path, {"rows": ["one", "two"]})
    assert other.texts == []
    assert Record(path, {"rows": ["one", "two"]}).measure(range(1, 9), 1, figures, print)


def test_a_table_has_intervals_and_leaves_out_what_was_not_measured():
    ranks = [1.0, 1.0, 2.0, 4.0]
    found = {
        "one": {"rank": ranks, "comprehensiveness": [3.0, 4.0, 5.0, 4.0]},
        "random order": {"rank": [4.0] * 4, "chance": [0.25] * 4, "comprehensiveness": [1.0] * 4},
    }
    header, _, one, random = table_of(found).splitlines()
    assert "sufficiency" not in header
    assert "50.0 % [15, 85]" in one  # Wilson, by hand
    assert "4.00 [2.70, 5.30]" in one  # t with 3 degrees of freedom
    assert "3.00 [1.70, 4.30]" in one
    assert "| 25.0 % |" in random
    assert random.endswith("– |")


def test_every_section_has_a_row_for_each_method_of_the_registry():
    known = sections()
    for name in ("smollm2", "brackets", "heads"):
        titles = {row.partition(",")[0] for row in known[name].rows}
        expected = {each.title for each in METHODS.values() if each.per_head or name != "heads"}
        assert expected <= titles


@pytest.mark.parametrize("name", ["dates", "heads"])
def test_a_section_is_measured(name):
    section = sections()[name]
    (example,) = islice(section.examples(1), 1)
    found = section.figures(example)
    assert set(found) >= {
        "random order",
        "attention, last layer" if name == "dates" else "knock-out, exact",
    }
    assert all(len(each["rank"]) == 1 for each in found.values())


def test_the_head_that_answers_has_the_first_rank_by_exact_knock_outs():
    import attnwidget as aw

    for example in islice(kinds(3), 3):
        assert rank_of_head(example, -aw.knockout_effects(example.trace, "head", exact=True)) == 1


def test_examples_know_their_sources():
    for name, make in EXAMPLES.items():
        (example,) = islice(make(4), 1)
        stream = example.trace["cross" if name == "dates" else "self"]
        assert example.truth
        assert not any(stream.keys.special[key] for key in example.truth)


def test_the_nearest_noun_misleads():
    made = sentences(0)
    assert len(made) == len(set(made)) > 300
    for _, subject, rest, number in made:
        assert subject.endswith("s") == bool(number)
        assert rest.endswith("s") != bool(number)

"""The demo traces, and that the attention they are there to show is really there."""

from random import Random

import pytest

from attnwidget.capture import capture
from attnwidget.demos import demo, load
from attnwidget.demos.brackets import partner, random_example
from attnwidget.demos.dates import ISO_FIELDS, random_date
from attnwidget.demos.demo import EXAMPLES
from attnwidget.demos.induction import random_repeat, sources
from attnwidget.demos.kinds import read_list
from attnwidget.demos.load import NAMES
from attnwidget.demos.split import is_held_out

STREAMS = {
    "brackets": ("self",),
    "induction": ("self",),
    "dates": ("encoder", "decoder", "cross"),
    "kinds": ("self",),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_demo_is_a_trace_of_its_example(name):
    trace = demo(name)
    assert trace.streams == STREAMS[name]
    assert trace.model_name == f"attnwidget demo: {name}"
    for stream in STREAMS[name]:
        assert trace[stream].has_projections


def test_the_brackets_are_read_one_by_one_with_one_masked():
    text = "[<>](<[{()}]>)"
    assert is_held_out(text)
    assert demo("brackets").tokens == ["[CLS]", *text[:12], "[MASK]", ")", "[SEP]"]


def test_the_words_are_said_twice():
    first, *words = demo("induction").tokens
    assert first == "<s>"
    assert words[:8] == words[8:]
    assert is_held_out(" ".join(words[:8]))


def test_the_date_is_read_and_written_as_iso():
    cross = demo("dates")["cross"]
    assert "".join(cross.key_tokens) == "<s>Sunday,␣March␣14,␣2021</s>"
    assert "".join(cross.query_tokens) == "<s>2021-03-14"
    assert is_held_out("2021-03-14")


def test_the_list_ends_with_a_question_that_the_model_answers():
    trace = demo("kinds")
    start, *words, question = trace.tokens
    assert (start, question) == ("<s>", "colour?")
    assert is_held_out(" ".join(words))
    assert (
        trace.predictions(top=1).entries[0].text == read_list(" ".join([*words, question])).answer
    )


def test_examples_fit_the_tokenizers():
    for name in NAMES:
        _, tokenizer = load(name)
        assert tokenizer.unk_token_id not in tokenizer(EXAMPLES[name])["input_ids"]


def test_an_unknown_demo_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'poems'.*'brackets', 'induction', 'dates', 'kinds'"):
        demo("poems")


def test_a_head_finds_the_opener_of_a_masked_closer():
    model, tokenizer = load("brackets")
    rng = Random(3)
    found = asked = 0
    while asked < 60:
        example = random_example(rng, held_out=True)
        (place,) = example.masked
        opener = partner(example.text)[place]
        if opener > place:
            continue
        weights = capture(model, example.prompt, tokenizer=tokenizer).attention(
            2, queries=place + 1
        )
        asked += 1
        found += opener + 1 in weights.argmax(-1).flatten().tolist()
    assert found / asked > 0.9


def test_induction_heads_look_at_what_followed_the_first_time():
    model, tokenizer = load("induction")
    rng = Random(3)
    on_source = []
    for _ in range(10):
        text = random_repeat(rng, held_out=True)
        weights = capture(model, text, tokenizer=tokenizer).attention(1)
        on_source += [
            weights[:, i + 1, source + 1]
            for i, source in enumerate(sources(text)[:-1])
            if source is not None
        ]
    means = sum(on_source) / len(on_source)
    assert (means > 0.8).all()


def test_cross_attention_is_aligned_with_the_digits_of_the_year():
    model, tokenizer = load("dates")
    rng = Random(3)
    aligned = 0
    for _ in range(20):
        example = random_date(rng, held_out=True)
        cross = capture(model, example.text, tokenizer=tokenizer)["cross"]
        # The digit at place i of the ISO date is predicted from query i, the token before it.
        looked_at = cross.attention(1, queries=list(range(4))).argmax(-1)
        year = range(1 + example.fields["year"].start, 1 + example.fields["year"].stop)
        aligned += sum(place in looked_at[:, i] for i, place in enumerate(year))
    assert aligned / 80 > 0.9


def test_cross_attention_looks_at_the_day_when_it_writes_the_day():
    model, tokenizer = load("dates")
    rng = Random(3)
    found = 0
    for _ in range(20):
        example = random_date(rng, held_out=True)
        cross = capture(model, example.text, tokenizer=tokenizer)["cross"]
        looked_at = cross.attention(1, queries=ISO_FIELDS["day"].stop - 1).argmax(-1)
        day = range(1 + example.fields["day"].start, 1 + example.fields["day"].stop)
        found += any(place in looked_at for place in day)
    assert found / 20 > 0.9

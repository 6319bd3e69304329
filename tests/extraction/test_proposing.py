"""What is proposed: segments, kind, cue and speaker, on sentences about people who do not exist."""

import pytest

from quotes.extraction import DIRECT, INDIRECT, PARTIAL, Proposal, propose


def one(text: str) -> Proposal:
    [found] = propose(text)
    return found


def words(text: str, proposal: Proposal) -> list[str]:
    return [text[start:end] for start, end in proposal.segments]


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        ("“The plan fails,” said Neva Corrin.", "said", "Neva Corrin"),
        ("“The plan fails,” Neva Corrin said.", "said", "Neva Corrin"),
        ("“The plan fails,” said Neva Corrin, a lawyer at the Quillmere Institute.", "said", "Neva Corrin"),
        ("“The plan fails,” Neva Corrin, a lawyer at the Quillmere Institute, said.", "said", "Neva Corrin"),
        ("“The plan fails,” said Sen. Neva Corrin (Quillmere), who opposes it.", "said", "Neva Corrin"),
        ("“The plan fails,” Rep. Neva Corrin (Quillmere) said.", "said", "Neva Corrin"),
        ("“The plan fails,” said Quillmere harbor police Chief Neva Corrin.", "said", "Neva Corrin"),
        ("“The plan fails,” Neva Corrin told the Daily Quill.", "told", "Neva Corrin"),
        ("“The plan fails,” according to Neva Corrin.", "according to", "Neva Corrin"),
        ("“Why?” Neva Corrin asked.", "asked", "Neva Corrin"),
        ("“Why?” asked Neva Corrin.", "asked", "Neva Corrin"),
        ("Neva Corrin said, “The plan fails.”", "said", "Neva Corrin"),
        ("Neva Corrin of Quillmere said: “The plan fails.”", "said", "Neva Corrin"),
        ("Neva Corrin, a lawyer, has repeatedly said: “The plan fails.”", "said", "Neva Corrin"),
        ("Neva Corrin went on to say, “The plan fails.”", "say", "Neva Corrin"),
        ("Neva Corrin wrote, “The plan fails.”", "wrote", "Neva Corrin"),
        ("Neva Corrin told the Daily Quill on Monday: “The plan fails.”", "told", "Neva Corrin"),
        ("Arno Vale introduced Neva Corrin, who said, “The plan fails.”", "said", "Neva Corrin"),
        ("As Neva Corrin put it, “The plan fails.”", "put it", "Neva Corrin"),
        ("According to Neva Corrin, “The plan fails.”", "According to", "Neva Corrin"),
        ("Neva Corrin defended the plan, stating: “The plan fails.”", "stating", "Neva Corrin"),
        ("Neva Corrin: “The plan fails.”", "", "Neva Corrin"),
        ("Neva Corrin issued this statement: “The plan fails.”", "", "Neva Corrin"),
        ("“The plan fails,” the spokesperson said.", "said", "the spokesperson"),
        ("“The plan fails,” said a spokesman for the agency.", "said", "a spokesman for the agency"),
        ("„The plan fails“, sagte Neva Corrin.", "sagte", "Neva Corrin"),
        ("« The plan fails », a déclaré Neva Corrin.", "déclaré", "Neva Corrin"),
    ],
)
def test_cue_and_speaker_are_found_before_and_behind_a_quotation(text: str, cue: str, speaker: str) -> None:
    found = one(text)
    assert (found.kind, found.cue, found.speaker) == (DIRECT, cue, speaker)
    assert text[found.speaker_start : found.speaker_end] == speaker


def test_a_quotation_split_by_its_attribution_is_one_quote() -> None:
    text = "“The plan fails,” said Neva Corrin. “It always did.”"
    assert words(text, one(text)) == ["The plan fails,", "It always did."]
    text = "“The plan,” Neva Corrin said, “has failed.”"
    assert words(text, one(text)) == ["The plan,", "has failed."]
    text = "“Who asked?” Neva Corrin said. “Nobody did.”"
    assert words(text, one(text)) == ["Who asked?", "Nobody did."]


def test_a_later_quotation_with_a_cue_of_its_own_is_another_quote() -> None:
    found = propose("“The plan fails,” said Neva Corrin. “It always did,” she added.")
    assert [each.cue for each in found] == ["said", "added"]
    found = propose("“The plan fails,” Neva Corrin said. “It works,” Arno Vale replied.")
    assert [each.speaker for each in found] == ["Neva Corrin", "Arno Vale"]


def test_a_cue_in_the_next_sentence_is_not_taken_from_its_own_quotation() -> None:
    text = "“The plan fails,” said Neva Corrin. “It always did.” Arno Vale called it “deeply unfair.”"
    first, second = propose(text)
    assert words(text, first) == ["The plan fails,", "It always did."]
    assert (words(text, second), second.speaker) == (["deeply unfair."], "Arno Vale")


def test_a_cue_without_a_subject_has_that_of_the_one_before() -> None:
    first, second = propose("“The plan fails,” said Neva Corrin, adding that it was “a disgrace.”")
    assert (second.cue, second.speaker, second.kind) == ("adding", "Neva Corrin", PARTIAL)
    assert (second.speaker_start, second.speaker_end) == (first.speaker_start, first.speaker_end)


def test_paragraphs_that_each_open_again_are_one_quote() -> None:
    text = "“The plan fails.\n\n“It always did.\n\n“It will,” said Neva Corrin."
    assert words(text, one(text)) == ["The plan fails.", "It always did.", "It will,"]
    text = "“The plan fails,” said Neva Corrin. “It is late.\n\n“It is cold.”\n\nNothing more."
    assert words(text, one(text)) == ["The plan fails,", "It is late.", "It is cold."]


def test_a_colon_at_the_end_of_a_paragraph_announces_the_next() -> None:
    text = "Neva Corrin wrote in a letter:\r\n\r\n“The plan fails.”"
    assert one(text).speaker == "Neva Corrin"


def test_a_fragment_in_the_reporters_sentence_is_partial() -> None:
    text = "Neva Corrin called the plan “deeply flawed” and “a disgrace.”"
    assert one(text).kind == PARTIAL
    assert words(text, one(text)) == ["deeply flawed", "a disgrace."]
    assert one("The plan “fails on every count,” Neva Corrin said.").kind == PARTIAL


def test_a_clause_that_stands_alone_is_direct_even_inside_a_sentence() -> None:
    assert one("Neva Corrin warned that “this is not the end.”").kind == DIRECT


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “smart fence” was built in a year.",
        "She starred in “The Glass Harbour” last year, Neva Corrin said of her sister.",
        "Her film, titled “the fence,” was shown, Neva Corrin said.",
        "The “fence” was built. Neva Corrin came later.",
    ],
)
def test_scare_quotes_and_titles_are_left_out(text: str) -> None:
    assert not [each for each in propose(text) if each.kind != INDIRECT]


def test_a_pronoun_is_the_mention_and_the_name_that_it_stands_for_is_told() -> None:
    text = "Neva Corrin was late. “The bus broke down,” she said."
    found = one(text)
    assert (found.speaker, found.resolved) == ("she", "Neva Corrin")
    assert text[found.speaker_start : found.speaker_end] == "she"


def test_a_surname_stands_for_the_full_name() -> None:
    found = propose("Neva Corrin came late. “It rained,” Corrin said.")
    assert found[0].resolved == "Neva Corrin"
    assert propose("“It rained,” Corrin said.", names=["Neva Corrin"])[0].resolved == "Neva Corrin"


def test_he_is_nobody_of_whom_the_text_says_she() -> None:
    text = "Arno Vale said the plan fails. Ms. Corrin said the plan works. “It rained,” he said."
    assert [each.resolved for each in propose(text) if each.kind == DIRECT] == ["Arno Vale"]


def test_a_pronoun_that_may_be_anybody_is_not_resolved() -> None:
    assert one("“It rained,” they said.").resolved == ""
    assert one("“It rained,” he said.").resolved == ""


@pytest.mark.parametrize(
    "text",
    [
        "Neva Corrin said that the plan would fail within a year.",
        "Neva Corrin said the plan would fail within a year.",
        "According to Neva Corrin, the plan would fail within a year.",
        "the plan would fail within a year, according to Neva Corrin.",
        "the plan would fail within a year, Neva Corrin said on Monday.",
        "Neva Corrin told the Daily Quill that the plan would fail within a year.",
        "Neva Corrin said the plan would fail within a year, adding that nobody cared.",
    ],
)
def test_indirect_statements_are_proposed_with_less_confidence(text: str) -> None:
    found = one(text)
    assert (found.kind, found.speaker) == (INDIRECT, "Neva Corrin")
    assert words(text, found) == ["the plan would fail within a year"]
    assert found.confidence < one("“The plan fails,” said Neva Corrin.").confidence


@pytest.mark.parametrize(
    "text",
    [
        "I think that the plan would fail within a year.",
        "Her wild claims about the plan were all wrong.",
        "Neva Corrin went to the harbor and came back late.",
    ],
)
def test_what_nobody_is_said_to_have_said_is_not_proposed(text: str) -> None:
    assert propose(text) == []


def test_places_count_code_points() -> None:
    text = "👩‍👩‍👧 “הכול אבוד 👍,” said Neva Corrin."
    assert words(text, one(text)) == ["הכול אבוד 👍,"]


def test_a_quotation_without_a_cue_is_not_proposed() -> None:
    assert propose("“Never again.” The lights went out.") == []

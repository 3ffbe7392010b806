"""How text is decoded, folded and counted, and how ids and revisions come apart."""

import pytest

from adapters import vocabulary, words
from adapters.base import Rejected


@pytest.mark.parametrize(
    ("data", "text", "warned"),
    [
        ("é".encode(), "é", False),
        ("\ufeffé".encode(), "é", False),
        ("é".encode("utf-16"), "é", False),
        ("é l’été".encode("cp1252"), "é l’été", True),
        ("operação às seis, situação não mudou".encode("cp1252"), "operação às seis, situação não mudou", True),
        ("МЕСТО: KESSA, двое раненых".encode("cp1251"), "МЕСТО: KESSA, двое раненых", True),
        ("سمع إطلاق نار قرب الجسر".encode("cp1256"), "سمع إطلاق نار قرب الجسر", True),
    ],
)
def test_bytes_become_text(data: bytes, text: str, warned: bool) -> None:
    read = words.decoded(data)
    assert (read.text, bool(read.warnings)) == (text, warned)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, b"\xff\xfea", b"a\0b"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected):
        words.decoded(data)


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("XCO-BR-11 v2", ("XCO-BR-11", 2)),
        ("XCO-BR-11 V.2", ("XCO-BR-11", 2)),
        ("SN-FRAGO 017 rev 3", ("SN-FRAGO 017", 3)),
        ("SN-FRAGO-017, Révision 4", ("SN-FRAGO-017", 4)),
        ("ORDER 5 CHANGE 1", ("ORDER 5", 2)),  # the first change is the second issue
        ("XCO-BR-11", ("XCO-BR-11", 1)),
        ("ORDER 5", ("ORDER 5", 1)),
        ("v2", ("v2", 1)),
        ("X v99999", ("X v99999", 1)),
    ],
)
def test_a_revision_comes_off_an_id(text: str, identity: tuple[str, int]) -> None:
    assert words.revision_of(text) == identity


@pytest.mark.parametrize(
    ("text", "number"),
    [("3,50", 3.5), ("3.5", 3.5), ("٣", 3.0), ("-2", -2.0), ("1 000", 1000.0), ("1,000.5", None), ("5-6", None),
     ("", None), ("²", None), ("1e9", None)],
)  # fmt: skip
def test_a_number_is_read_or_not(text: str, number: float | None) -> None:
    assert words.number(text) == number


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
def test_a_word_of_a_language_means_one_thing(language: str) -> None:
    for name, table in vocabulary.tables(language).items():
        listed = [words.fold(word) for group in table.values() for word in group]
        assert len(listed) == len(set(listed)), name


def test_every_language_has_every_table_and_meaning() -> None:
    first, *others = (vocabulary.tables(language) for language in vocabulary.LANGUAGES)
    for other in others:
        assert {name: set(table) for name, table in other.items()} == {name: set(t) for name, t in first.items()}


@pytest.mark.parametrize("text", ["-+3.5", "+-1", "--2", "+", ".", "-.", "1.2.3", "³"])
def test_two_signs_or_none_of_the_digits_are_no_number(text: str) -> None:
    assert words.number(text) is None


def test_long_texts_are_not_remembered() -> None:
    asked: list[str] = []

    @words.remembered(8)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("KESSA"), length("KESSA")] == [5, 5]
    assert [length("x" * 1000), length("x" * 1000)] == [1000, 1000]
    assert len(asked) == 3

"""The same words in every language, and the vendors' own as far as they are known."""

import re

import pytest

from hireloom import connecting, connectors
from hireloom.connect.words import LANGUAGES, TERMS, WORDS, speaker, translated
from hireloom.kit import Choice

BY_KEY = {"BasicKey", "BearerKey", "ClientCredentials"}
PLACES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("key", WORDS)
def test_every_phrase_has_the_same_places_in_every_language(key: str) -> None:
    phrases = WORDS[key]

    assert len(phrases) == len(LANGUAGES)
    assert all(phrases)
    assert len({tuple(sorted(PLACES.findall(phrase))) for phrase in phrases}) == 1


def test_what_connectors_call_their_settings_is_translated() -> None:
    kinds = [connectors.load(name) for name in connectors.names()]
    labels = {
        field.label for kind in kinds for way in connecting.ways(kind) for field in way.fields
    }
    settings = [one for kind in kinds for one in connecting.settings(kind)]
    labels |= {
        text for one in settings for text in (one.label, one.help) if one.name != "performAs"
    }
    choices = [one for kind in kinds for one in kind.settings if isinstance(one, Choice)]
    options = {one.called(value) for one in choices for value in one.of}
    places = {
        field.where
        for kind in kinds
        for way in connecting.ways(kind)
        if way.kind in BY_KEY
        for field in way.fields
    }

    assert labels - {"Refresh token"} <= set(TERMS)
    assert options | places <= set(TERMS)
    assert all(len(set(one.words)) == len(one.of) for one in choices)


def test_french_names_that_begin_with_a_vowel_are_elided() -> None:
    assert "d’Ashby" in speaker("fr")("form.key", app="Ashby")
    assert "de Lever" in speaker("fr")("form.key", app="Lever")


def test_a_language_or_a_term_that_is_unknown_stays_english() -> None:
    assert speaker("xx")("back") == "Back"
    assert translated("de", "Harbor number") == "Harbor number"

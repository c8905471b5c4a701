import pytest

from campaigns.rules.variables import (
    empty_variables,
    filled,
    language_code,
    language_for,
    unknown_variables,
    variables_in,
)


def test_variables_are_found_once_in_their_order():
    assert variables_in("Hi {creator}, {shop} and { creator } {") == ["creator", "shop"]


def test_unknown_and_empty_ones_are_named():
    assert unknown_variables("{creator} {nickname} {}") == ["nickname", ""]
    assert empty_variables("{creator} {plan}", {"creator": "@amy", "plan": ""}) == ["plan"]


def test_values_are_filled_once():
    assert filled("{creator} – {plan}", {"creator": "{plan}", "plan": "Winter"}) == "{plan} – Winter"
    assert filled("{plan}", {}) == "{plan}"


@pytest.mark.parametrize(("text", "code"), [("zh_CN", "zh-hans"), ("Vietnamese", "vi"), ("EN", "en"), ("", "")])
def test_languages_of_lists_become_codes(text, code):
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("wanted", "offered", "chosen"),
    [
        ("vi", ["en", "vi"], "vi"),
        ("zh-TW", ["en", "zh-hans"], "zh-hans"),
        ("th", ["en", "vi"], "en"),
        ("", ["vi", "en"], "en"),
        ("th", ["vi"], None),
    ],
)
def test_a_creator_is_written_to_in_the_own_language_else_in_english(wanted, offered, chosen):
    assert language_for(wanted, offered) == chosen

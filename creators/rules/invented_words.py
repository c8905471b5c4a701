"""Names, handles and bios of invented creators in the language of their market, put together from parts."""

import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from creators.rules.invented import Array

# What creators/reference/invented_words.json holds.
Words = dict[str, Any]

# Handles of the platform have at most 24 characters; a number of up to seven digits ends each.
HANDLE_WORDS = 17
UNSPACED = ("zh-hans", "ja", "th")
# Letters that do not fall apart into a base and an accent.
PLAIN_LETTERS = {ord("đ"): "d", ord("ł"): "l", ord("ß"): "ss", ord("ø"): "o"}
DECORATIONS = ("", "", "", "", " ✨", " 🌸", " 🛒", " 🍓", " 🔥")


def slug(text: str) -> str:
    """The letters and digits of a text as handles know them: lower case, no accents, no blanks."""
    plain = text.lower().translate(PLAIN_LETTERS)
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", plain))


def invent_texts(rng: Generator, creators: pd.DataFrame, words: Words, *, numbers: Array) -> pd.DataFrame:
    """`language, handle, nickname, bio, agency` for each creator by its market and niche.

    Each handle ends with its own one of the numbers: none repeats, and none is likely to be somebody's.
    """
    size = len(creators)
    columns = {name: np.full(size, "", object) for name in ("language", "handle", "nickname", "bio", "agency")}
    columns["language"] = _languages(rng, creators["market"].to_numpy(), words)
    for language, vocabulary in words["languages"].items():
        mine = np.flatnonzero(columns["language"] == language)
        texts = _in_language(rng, creators["niche"].to_numpy()[mine], language, vocabulary)
        for name, values in texts.items():
            columns[name][mine] = values
    managed = rng.random(size) < 0.22
    columns["agency"][managed] = rng.choice(np.array(words["agencies"], object), size)[managed]
    frame = pd.DataFrame(columns)
    frame["handle"] = frame["handle"].str.slice(0, HANDLE_WORDS) + pd.Series(numbers).astype(str)
    return frame


def _languages(rng: Generator, markets: Array, words: Words) -> Array:
    languages = np.full(len(markets), "", object)
    for market, entry in words["markets"].items():
        mine = np.flatnonzero(markets == market)
        shares = entry["languages"]
        total = sum(shares.values())
        languages[mine] = rng.choice(
            np.array(list(shares), object), len(mine), p=[share / total for share in shares.values()]
        )
    return languages


def _pairs(items: list[str]) -> tuple[Array, Array]:
    """Handle part and shown form of each word; `latin|native` where the script is another."""
    parts = [item.partition("|") for item in items]
    return (
        np.array([slug(latin) for latin, _bar, _native in parts], object),
        np.array([native or latin for latin, _bar, native in parts], object),
    )


def _in_language(rng: Generator, niches: Array, language: str, vocabulary: Words) -> dict[str, Array]:
    size = len(niches)
    name_slugs, names = _pairs(vocabulary["names"])
    tail_slugs, tails = _pairs(vocabulary["tails"])
    niche_slugs, topics = _pairs(list(vocabulary["niches"].values()))
    places = {int(niche): place for place, niche in enumerate(vocabulary["niches"])}
    name = rng.integers(0, len(names), size)
    tail = rng.integers(0, len(tails), size)
    topic = np.array([places[niche] for niche in niches.tolist()], np.int64)
    return {
        "handle": _handles(rng, name_slugs[name], tail_slugs[tail], niche_slugs[topic]),
        "nickname": _nicknames(rng, names[name], tails[tail], topics[topic], "" if language in UNSPACED else " "),
        "bio": _bios(rng, topic, topics, vocabulary, "" if language in ("zh-hans", "ja") else " "),
    }


def _handles(rng: Generator, names: Array, tails: Array, topics: Array) -> Array:
    forms = [
        names + tails, names + "." + topics, topics + "_" + names, names + topics, names + "." + tails,
        topics + "." + tails + "." + names,
    ]  # fmt: skip
    return _choose(rng, forms)


def _nicknames(rng: Generator, names: Array, tails: Array, topics: Array, space: str) -> Array:
    forms = [names + space + tails, names + " | " + topics, names + space + topics, topics + " · " + names]
    decorations = np.array(DECORATIONS, object)[rng.integers(0, len(DECORATIONS), len(names))]
    nicknames: Array = _choose(rng, forms) + decorations
    return nicknames


def _bios(rng: Generator, topic: Array, topics: Array, vocabulary: Words, space: str) -> Array:
    """One of the sentences about the creator's topic and one of the closings; one creator in twelve says nothing."""
    bios = np.array([[_sentence(bio, word) for bio in vocabulary["bios"]] for word in topics], object)
    said: Array = bios[topic, rng.integers(0, bios.shape[1], len(topic))]
    stop = "。" if not space else ". "
    closings = np.array([stop + text if text else "" for text in vocabulary["closings"]], object)
    said = said + closings[rng.integers(0, len(closings), len(topic))]
    said[rng.random(len(topic)) < 1 / 12] = ""
    return said


def _sentence(template: str, topic: str) -> str:
    text = template.format(niche=topic)
    return text[0].upper() + text[1:]


def _choose(rng: Generator, forms: list[Array]) -> Array:
    table = np.stack(forms)
    chosen: Array = table[rng.integers(0, len(forms), table.shape[1]), np.arange(table.shape[1])]
    return chosen


def invent_places(rng: Generator, creators: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Where followers live, of three creators in five: `creator_id, label_en, label_zh, share`, at most five places."""
    frames = []
    chosen = creators[rng.random(len(creators)) < 0.6]
    for market, group in chosen.groupby("market"):
        labels = words["markets"][market]["places"][:5]
        # The last share is of people elsewhere: nobody's row.
        weights = np.append(2.0 ** -np.arange(len(labels)), 0.6)
        shares = rng.gamma(weights * 12, size=(len(group), len(weights)))
        shares = np.floor(shares / shares.sum(axis=1, keepdims=True) * 10_000) / 10_000
        for place, (label_en, label_zh) in enumerate(labels):
            rows = {"creator_id": group["id"], "label_en": label_en, "label_zh": label_zh, "share": shares[:, place]}
            frames.append(pd.DataFrame(rows))
    return pd.concat(frames, ignore_index=True)

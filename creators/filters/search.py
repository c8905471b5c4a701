"""Free text over handle, nickname and bio."""

import re

from django.db.models import Q, QuerySet

from creators.models import CreatorHandle, CreatorText
from creators.rules.handles import parse_handle

# The same blocks as in the SQL function cjk_grams.
_CJK_RUN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


def search_words(text: str) -> list[str]:
    """The words that must occur: lower case, split at blanks; a profile link is the handle in it."""
    words = []
    for word in text.lower().split():
        handle, problem = parse_handle(word) if "/" in word or word.startswith("@") else (None, "")
        words.append(handle if handle and not problem else word.removeprefix("@") or word)
    return words


def search_creators(queryset: QuerySet, text: str) -> QuerySet:
    """The rows whose creator has every word in handle, nickname or bio, or had the one word as its handle before."""
    words = search_words(text)
    found = CreatorText.objects.values("creator_id")
    for word in words:
        found = found.filter(_occurs(word))
    renamed = _renamed(words[0]) if len(words) == 1 else []
    # Read apart: joined by OR in SQL, neither part could be answered from its index.
    return queryset.filter(Q(pk__in=found) | Q(pk__in=renamed)) if renamed else queryset.filter(pk__in=found)


def _renamed(handle: str) -> list[int]:
    """The creators that had the handle before."""
    return list(CreatorHandle.objects.filter(handle=handle).order_by().values_list("creator_id", flat=True)[:100])


def _occurs(word: str) -> Q:
    """Grams of two CJK characters stand for trigrams, which need three; a run of one or two is a gram itself."""
    runs = _CJK_RUN.findall(word)
    condition = Q()
    if runs:
        condition &= Q(cjk_grams__contains=sorted({gram for run in runs for gram in _grams(run)}))
    if runs != [word] or len(word) > 2:
        condition &= Q(document__contains=word)
    return condition


def _grams(run: str) -> set[str]:
    return {run} if len(run) < 3 else {run[place : place + 2] for place in range(len(run) - 1)}

import pytest

from campaigns.services.drafts import draft_review, draft_submit
from core.errors import DomainError
from tests.factories import make_shop, make_user
from tests.plans import NOON, make_campaign
from tests.works import days, make_content

pytestmark = pytest.mark.django_db
LATER = NOON + days(2)
SCRIPT = "Fills dryness overnight. #ad"


def submit(content, **kwargs):
    return draft_submit(content=content, by=content.collaboration.owner, at=NOON, **{"script": SCRIPT} | kwargs)


def review(draft, verdict="approved", confirmed=None, **kwargs):
    items = range(len(draft.checklist)) if confirmed is None else confirmed
    return draft_review(
        draft=draft, verdict=verdict, confirmed=items, by=draft.submitted_by, at=LATER, **kwargs
    )  # fmt: skip


def refused(code, act, *args, **kwargs):
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def briefed(**fields):
    owner = make_user()
    shop = make_shop([owner])
    return make_content(shop=shop, owner=owner, campaign=make_campaign(shop, owner, **fields))


def passed(draft):
    return {item["code"]: item["passed"] for item in draft.checklist}


def test_a_draft_fills_its_checklist_from_the_script():
    content = briefed(talking_points="- dryness overnight", forbidden_words=["cheap"], usage_rights="Ads, 6 months")
    draft = submit(content)
    assert passed(draft) == {
        "point": True, "forbidden": True, "medical": True, "absolute": True, "disclosure": True, "rights": True,
    }  # fmt: skip
    content.refresh_from_db()
    assert (content.state, content.rounds) == ("in_review", 1)
    content.collaboration.refresh_from_db()
    assert content.collaboration.state == "in_review"


def test_words_that_must_not_appear_are_named():
    draft = submit(briefed(forbidden_words=["cheap"]), script="Cheap, and it cures eczema. Guaranteed!")
    found = {item["code"]: item["found"] for item in draft.checklist}
    assert (found["forbidden"], found["medical"], found["absolute"]) == (["cheap"], ["cures"], ["guaranteed"])


def test_without_a_script_somebody_has_to_look():
    assert passed(submit(make_content(), script="", draft_url="drive.example.com/a.mp4")) == {
        "forbidden": None, "medical": None, "absolute": None, "disclosure": None,
    }  # fmt: skip


def test_what_is_no_draft():
    content = make_content()
    refused("draft_empty", submit, content, script=" ")
    refused("link_invalid", submit, content, draft_url="javascript:alert(1)")
    submit(content)
    refused("content_move_impossible", submit, content)


def test_rounds_until_the_approval():
    content = make_content()
    first = review(submit(content), "changes", comments="Louder")
    assert (first.verdict, first.reviewed_at) == ("changes", LATER)
    second = review(submit(content))
    content.refresh_from_db()
    assert (second.number, content.rounds, content.state) == (2, 2, "approved")
    refused("reviewed_already", review, second)


def test_a_verdict_needs_its_reasons():
    draft = submit(make_content())
    refused("verdict_unknown", review, draft, "maybe")
    refused("checklist_open", review, draft, confirmed=[0])
    refused("comments_missing", review, draft, "changes", comments=" ")

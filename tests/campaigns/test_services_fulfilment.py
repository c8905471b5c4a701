import pytest

from campaigns.models import ContentResult
from campaigns.services.collaborations import collaboration_move
from campaigns.services.fulfilment import sample_correct, samples_judge
from campaigns.services.publications import content_take_down
from campaigns.tasks.samples import samples_judge_task
from core.errors import DomainError
from tests.plans import NOON
from tests.works import days, make_sample, publish

pytestmark = pytest.mark.django_db


def judged(sample, at):
    samples_judge(at=at)
    sample.refresh_from_db()
    return sample.state


def content_of(sample):
    content = sample.collaboration.contents.get()
    content.collaboration = sample.collaboration
    return content


def test_a_video_kept_three_days_fulfils():
    sample = make_sample(state="delivered")
    publish(content_of(sample), at=NOON + days(4))
    assert judged(sample, NOON + days(6.9)) == "delivered"
    assert judged(sample, NOON + days(7)) == "fulfilled"
    assert samples_judge(at=NOON + days(8)) == 0
    assert sample.moves.last().by is None


def test_a_video_taken_down_too_early_does_not():
    sample = make_sample(state="delivered")
    content = publish(content_of(sample), at=NOON + days(4))
    content_take_down(content=content, by=sample.collaboration.owner, at=NOON + days(6), reason="Deleted")
    assert judged(sample, NOON + days(17)) == "delivered"
    assert judged(sample, NOON + days(17.1)) == "unfulfilled"


def test_views_that_the_plan_wants():
    sample = make_sample(state="delivered", min_views=1_000)
    content = publish(content_of(sample), at=NOON + days(4))
    assert judged(sample, NOON + days(8)) == "delivered"
    ContentResult.objects.create(
        content=content, day=(NOON + days(5)).date(), views=1_000, source="hand",
        recorded_by=sample.collaboration.owner, recorded_at=NOON,
    )  # fmt: skip
    assert judged(sample, NOON + days(8)) == "fulfilled"


def test_nothing_is_judged_on_hold():
    sample = make_sample(state="delivered")
    owner = sample.collaboration.owner
    collaboration_move(collaboration=sample.collaboration, to="on_hold", at=NOON, by=owner, reason="Restricted")
    assert judged(sample, NOON + days(60)) == "delivered"


def test_a_person_corrects_with_a_reason():
    sample = make_sample(state="delivered")
    judged(sample, NOON + days(30))
    by = sample.collaboration.owner
    with pytest.raises(DomainError) as error:
        sample_correct(sample=sample, is_fulfilled=True, by=by, at=NOON + days(31), reason="")
    assert error.value.code == "reason_missing"
    assert (
        sample_correct(sample=sample, is_fulfilled=True, by=by, at=NOON + days(31), reason="Seen").state == "fulfilled"
    )
    with pytest.raises(DomainError) as error:
        sample_correct(sample=make_sample(), is_fulfilled=True, by=by, at=NOON, reason="Seen")
    assert error.value.code == "sample_not_received"


def test_the_task_judges():
    sample = make_sample(state="delivered")
    samples_judge_task()
    sample.refresh_from_db()
    assert sample.state in {"delivered", "unfulfilled"}

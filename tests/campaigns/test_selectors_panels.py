from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.exports.collaborations import COLLABORATION_COLUMNS
from campaigns.models import Collaboration
from campaigns.selectors.collaborations import rows_of, shown
from campaigns.selectors.panels import work_of
from campaigns.services.collaboration_exports import (
    collaborations_export_advance,
    collaborations_export_start,
    collaborations_extract,
)
from campaigns.tasks.collaborations import collaborations_export_advance as export_task
from core.errors import DomainError
from core.models import ExportRecord
from tests.factories import make_creator, make_user, sign_in
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db
PANELS = ("creators.selectors.panels.OVERVIEW", "campaigns.selectors.panels.COLLABORATIONS")


def test_the_tab_of_a_profile_shows_ones_own_and_counts_the_others(client, settings):
    settings.PANELS = f"{__name__}.PANELS"
    creator = make_creator("brass")
    mine = make_collaboration(creator=creator, state="published")
    make_collaboration(creator=creator)
    work = work_of(creator.pk, mine.owner)
    assert (work.number, work.open_number, work.published, work.elsewhere) == (1, 1, 1, 1)
    sign_in(client, mine.owner)
    response = client.get(f"{creator.get_absolute_url()}?panel=collaborations")
    assert "other shops: 1 collaboration" in response.text
    assert mine.plan.name in response.text
    assert Collaboration.objects.exclude(pk=mine.pk).get().plan.name not in response.text


def test_columns_of_the_export():
    collaboration = make_collaboration(make_plan(contents_wanted=2), make_creator("brass"), state="accepted")
    row = rows_of(shown(Collaboration.objects.filter(pk=collaboration.pk)), collaboration.owner, NOON)[0]
    cells = {column.key: column.value(row) for column in COLLABORATION_COLUMNS}
    assert (cells["handle"], cells["state"], cells["works_wanted"], cells["currency"]) == (
        "brass",
        "Accepted",
        2,
        "USD",
    )
    assert cells["due"] == (NOON + timedelta(days=14)).date()


def test_who_may_not_export_is_refused():
    with pytest.raises(DomainError) as refused:
        collaborations_extract(query="", file_format="csv", by=make_user("viewer"), at=NOON)
    assert refused.value.code == "export_not_allowed"


@pytest.mark.parametrize(
    ("query", "code"), [("q=nobody", "no_collaborations"), ("plan=99999", "collaboration_filter_unreadable")]
)
def test_exports_without_rows(query, code):
    owner = make_collaboration().owner
    with pytest.raises(DomainError) as refused:
        collaborations_extract(query=query, file_format="csv", by=owner, at=NOON)
    assert refused.value.code == code


def test_a_long_export_is_written_by_a_job():
    owner = make_collaboration().owner
    extract = collaborations_extract(query="state=all", file_format="csv", by=owner, at=NOON)
    job = collaborations_export_start(extract=extract, by=owner, at=NOON, back=reverse("collaboration_list"))
    export_task(job.pk)
    while collaborations_export_advance(job.pk):
        pass
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 1)
    assert ExportRecord.objects.get().rows == 1

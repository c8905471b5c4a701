"""Published contents as the rule of fulfilment sees them."""

from campaigns.models import Content, Sample
from campaigns.rules.fulfilment import Shown
from campaigns.selectors.results import results_of_contents
from campaigns.states.contents import ContentState

SHOWN = (ContentState.PUBLISHED, ContentState.TAKEN_DOWN)


def shown_of(sample: Sample) -> list[Shown]:
    """The contents of a sample's collaboration that were published."""
    contents = list(sample.collaboration.contents.filter(state__in=SHOWN).order_by("number"))
    results = results_of_contents([content.pk for content in contents])
    return [shown(content, views=results[content.pk].views) for content in contents]


def shown(content: Content, *, views: int | None) -> Shown:
    """One content with its views over all days."""
    return Shown(
        kind=content.kind,
        product_id=content.product_id,
        published_at=content.published_at,
        taken_down_at=content.taken_down_at,
        live_minutes=content.live_minutes,
        views=views,
    )

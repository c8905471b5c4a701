"""The one dictionary of metrics: filters, columns, tooltips, exports, imports, the API and the docs all read it.

To add a metric: one `Metric` here and the columns of its key in `Snapshot` and `CreatorFacts` (see CONTRIBUTING).
Definitions follow the platform's own words where there are any (docs/metrics, section of the metric's key).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from creators.models import CreatorFacts

Kind = Literal["count", "money", "rate", "score"]
Text = str | Promise


@dataclass(frozen=True)
class Metric:
    """A number about a creator.

    `kind`: count (whole), money (local currency in snapshots, USD in facts), rate (fraction, 0.058 = 5.8 %), score.
    `window_days`: the window the number covers; None for a state such as followers.
    `derived`: computed by the database from other facts or published by another app, so never imported.
    `published`: kept by another app only where there is something to keep, so that no value is none at all: 0.
    """

    key: str
    label: Text
    short: Text
    definition: Text
    kind: Kind
    group: Literal["reach", "sales", "engagement", "effort", "collaboration", "standing", "audience"]
    window_days: int | None = None
    digits: int = 0
    derived: bool = False
    published: bool = False

    @property
    def fact(self) -> str:
        """The column of `CreatorFacts`."""
        return f"{self.key}_usd" if self.kind == "money" else self.key

    def of(self, facts: "CreatorFacts | None") -> Any:
        """The number in a creator's facts, money in USD; None when nobody knows it."""
        number = getattr(facts, self.fact) if facts is not None else None
        return 0 if number is None and self.published else number

    @property
    def unit(self) -> str:
        """The unit understood by `core.templatetags.ui.format_value`."""
        return {"count": "count", "money": "money_usd", "rate": "percent", "score": "score"}[self.kind]


METRICS: tuple[Metric, ...] = (
    Metric(
        "followers", _("Followers"), _("Followers"), _("Followers of the account on the as-of day."), "count", "reach"
    ),
    Metric(
        "follower_growth_30d",
        _("Follower growth, 30 days"),
        _("Growth 30d"),
        _("Followers gained less followers lost in the last 30 days."),
        "count",
        "reach",
        30,
    ),
    Metric("likes_total", _("Likes, all time"), _("Likes"), _("Likes on all works of the account."), "count", "reach"),
    Metric("videos_total", _("Videos, all time"), _("Videos"), _("Public videos of the account."), "count", "effort"),
    Metric(
        "gmv_30d",
        _("GMV, 30 days"),
        _("GMV 30d"),
        _("Paid affiliate orders of the last 28 or 30 days, returns included, in USD at the rate of the as-of day."),
        "money",
        "sales",
        30,
    ),
    Metric(
        "gmv_video_30d",
        _("Video GMV, 30 days"),
        _("Video GMV"),
        _("The part of GMV that came from shoppable videos."),
        "money",
        "sales",
        30,
    ),
    Metric(
        "gmv_live_30d",
        _("LIVE GMV, 30 days"),
        _("LIVE GMV"),
        _("The part of GMV that came from LIVE."),
        "money",
        "sales",
        30,
    ),
    Metric(
        "gmv_total",
        _("GMV, all time"),
        _("Total GMV"),
        _("All affiliate GMV that the source has seen."),
        "money",
        "sales",
    ),
    Metric(
        "units_30d",
        _("Units sold, 30 days"),
        _("Units 30d"),
        _("Items sold in the last 28 or 30 days, returns included."),
        "count",
        "sales",
        30,
    ),
    Metric("gpm", _("GPM"), _("GPM"), _("GMV per 1,000 views of shoppable content."), "money", "sales", 30, 2),
    Metric(
        "gpm_video",
        _("Video GPM"),
        _("Video GPM"),
        _("GMV per 1,000 views of shoppable videos."),
        "money",
        "sales",
        30,
        2,
    ),
    Metric("gpm_live", _("LIVE GPM"), _("LIVE GPM"), _("GMV per 1,000 views of LIVE."), "money", "sales", 30, 2),
    Metric("avg_views", _("Average views"), _("Avg views"), _("Average views of a video."), "count", "engagement", 30),
    Metric(
        "median_views", _("Median views"), _("Median views"), _("Median views of a video."), "count", "engagement", 30
    ),
    Metric(
        "avg_live_viewers",
        _("Average LIVE viewers"),
        _("LIVE viewers"),
        _("Average viewers of a LIVE."),
        "count",
        "engagement",
        30,
    ),
    Metric("avg_likes", _("Average likes"), _("Avg likes"), _("Average likes of a video."), "count", "engagement", 30),
    Metric(
        "avg_comments",
        _("Average comments"),
        _("Avg comments"),
        _("Average comments of a video."),
        "count",
        "engagement",
        30,
    ),
    Metric(
        "avg_shares", _("Average shares"), _("Avg shares"), _("Average shares of a video."), "count", "engagement", 30
    ),
    Metric(
        "views_30d",
        _("Views, 30 days"),
        _("Views 30d"),
        _("Views of all videos in the last 30 days."),
        "count",
        "engagement",
        30,
    ),
    Metric(
        "likes_30d",
        _("Likes, 30 days"),
        _("Likes 30d"),
        _("Likes on all videos in the last 30 days."),
        "count",
        "engagement",
        30,
    ),
    Metric(
        "engagement_by_views",
        _("Engagement by views"),
        _("Engagement"),
        _("(Likes + comments + shares) ÷ views, over videos of the last 30 days."),
        "rate",
        "engagement",
        30,
        1,
    ),
    Metric(
        "engagement_by_followers",
        _("Engagement by followers"),
        _("Eng. by followers"),
        _("(Likes + comments + shares) ÷ followers, over videos of the last 30 days."),
        "rate",
        "engagement",
        30,
        1,
    ),
    Metric(
        "videos_30d",
        _("Videos, 30 days"),
        _("Videos 30d"),
        _("Videos posted in the last 28 or 30 days."),
        "count",
        "effort",
        30,
    ),
    Metric(
        "lives_30d",
        _("LIVEs, 30 days"),
        _("LIVEs 30d"),
        _("LIVEs held in the last 28 or 30 days."),
        "count",
        "effort",
        30,
    ),
    Metric(
        "posts_30d",
        _("Posts, 30 days"),
        _("Posts 30d"),
        _("Videos and LIVEs of the last 30 days together."),
        "count",
        "effort",
        30,
        derived=True,
    ),
    Metric(
        "products_28d",
        _("Products, 28 days"),
        _("Products 28d"),
        _("Products promoted by video, LIVE or showcase in the last 28 days."),
        "count",
        "effort",
        28,
    ),
    Metric(
        "products_total",
        _("Products, all time"),
        pgettext_lazy("count", "Products"),
        _("Products ever promoted."),
        "count",
        "effort",
    ),
    Metric(
        "avg_order_value",
        _("Average unit price"),
        _("Unit price"),
        _("GMV ÷ units sold, last 30 days."),
        "money",
        "sales",
        30,
        2,
    ),
    Metric(
        "commission_rate",
        _("Average commission"),
        _("Commission"),
        _("Average commission of the products in the showcase and sold, last 30 days."),
        "rate",
        "collaboration",
        30,
        1,
    ),
    Metric(
        "fulfilment_rate",
        _("Sample fulfilment"),
        _("Fulfilment"),
        _("Received samples for which the agreed content was published, last 90 days."),
        "rate",
        "collaboration",
        90,
    ),
    Metric(
        "pps_score",
        _("Promotion performance score"),
        _("PPS"),
        _("The platform's own score, 0 to 5, from product and content quality of the last 90 days."),
        "score",
        "collaboration",
        90,
        1,
    ),
    Metric(
        "price_quote",
        _("Quoted price"),
        _("Quote"),
        _("What the creator asks for one video."),
        "money",
        "collaboration",
    ),
    Metric(
        "points",
        _("Violation points"),
        _("Points"),
        _("Points of the violation ledger that count now; each entry counts for 90 days."),
        "count",
        "standing",
        derived=True,
        published=True,
    ),
    Metric(
        "strikes",
        _("Strikes"),
        _("Strikes"),
        _("Strikes that count now and were not spent; the third one withdraws selling."),
        "count",
        "standing",
        derived=True,
        published=True,
    ),
    Metric(
        "female_share", _("Female audience"), _("Female"), _("Share of followers who are women."), "rate", "audience"
    ),
    Metric(
        "adult_share", _("Audience aged 18+"), _("18+"), _("Share of followers aged 18 and over."), "rate", "audience"
    ),
    Metric(
        "age_13_17_share",
        _("Audience aged 13–17"),
        _("13–17"),
        _("Share of followers aged 13 to 17."),
        "rate",
        "audience",
    ),
    Metric(
        "age_18_24_share",
        _("Audience aged 18–24"),
        _("18–24"),
        _("Share of followers aged 18 to 24."),
        "rate",
        "audience",
    ),
    Metric(
        "age_25_34_share",
        _("Audience aged 25–34"),
        _("25–34"),
        _("Share of followers aged 25 to 34."),
        "rate",
        "audience",
    ),
    Metric(
        "age_35_44_share",
        _("Audience aged 35–44"),
        _("35–44"),
        _("Share of followers aged 35 to 44."),
        "rate",
        "audience",
    ),
    Metric(
        "age_45_54_share",
        _("Audience aged 45–54"),
        _("45–54"),
        _("Share of followers aged 45 to 54."),
        "rate",
        "audience",
    ),
    Metric(
        "age_55_plus_share",
        _("Audience aged 55+"),
        _("55+"),
        _("Share of followers aged 55 and over."),
        "rate",
        "audience",
    ),
)

BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}
IMPORTED: tuple[Metric, ...] = tuple(metric for metric in METRICS if not metric.derived)

GROUP_LABELS: dict[str, Text] = {
    "reach": _("Reach"),
    "sales": _("Sales"),
    "engagement": _("Engagement"),
    "effort": _("Effort"),
    "collaboration": _("Collaboration"),
    "standing": _("Standing"),
    "audience": _("Audience"),
}

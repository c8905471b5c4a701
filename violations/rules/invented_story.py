"""The story that newcomers find in the demo's ledger: each role is one creator in one situation."""

from dataclasses import dataclass

from violations.rules.invented import Contest, Incident

# Role: the market to look for its creator in.
CAST = {
    # Points that expire tomorrow.
    "tomorrow": "US",
    # At 11 points, one below the first withdrawal.
    "eleven": "US",
    # Everything withdrawn by three strikes.
    "strikes": "GB",
    # At 24 points, until a reversal or an admin.
    "banned": "US",
    # LIVE was withdrawn, until an appeal was won.
    "overturned": "VN",
    # Appeals: two working days left, overdue, evidence asked, through the link, upheld twice, withdrawn.
    "waiting": "US",
    "overdue": "GB",
    "asked": "VN",
    "linked": "US",
    "upheld": "GB",
    "withdrawn": "VN",
    # The same rule six times in 90 days.
    "repeat": "VN",
    # Our own mistake, taken back; another one that waits for a second person.
    "mistaken": "GB",
    "doubtful": "US",
    "late": "GB",
    "lifted": "US",
    "exposed": "GB",
    # Blacklisted by the organisation, by a shop, proposed, due for review.
    "blacklisted": "US",
    "shop_listed": "US",
    "proposed": "VN",
    "reviewed": "GB",
}

INCIDENTS = (
    # Happened 89 days ago to the hour.
    Incident("tomorrow", "spam", 88, lag=1),
    Incident("tomorrow", "medical_claim", 30.2),
    Incident("eleven", "prohibited_goods", 50.1, told="hand", files=2),
    Incident("eleven", "sensational_content", 31.4),
    Incident("eleven", "medical_claim", 9.3, key="eleven", internal_note="Third remark about skin in a month."),
    Incident("strikes", "spam", 40.2),
    Incident("strikes", "prohibited_goods", 22.6),
    Incident("strikes", "public_backlash", 3.1, files=2, internal_note="Press review in the shared folder."),
    Incident("banned", "fraud", 70.3, told="hand"),
    Incident("banned", "counterfeit_goods", 52.2, files=2),
    Incident("banned", "illegal_activity", 33.5),
    Incident("banned", "fraud", 12.4, files=2, internal_note="Same bank account as in the first case."),
    Incident("overturned", "counterfeit_goods", 34.2),
    Incident("overturned", "fraud", 20.5, key="overturned", note="Đơn hàng trùng với tài khoản của chính bạn."),
    Incident("waiting", "late_content", 60.4),
    Incident("waiting", "ip_infringement", 25.3, key="waiting"),
    Incident("overdue", "fake_engagement", 28.2, key="overdue"),
    Incident("asked", "absolute_claim", 14.1, key="asked", note="Câu “tốt nhất thế giới” không thể chứng minh."),
    Incident("linked", "deceptive_traffic", 45.2),
    Incident("linked", "misleading_promotion", 8.2, key="linked"),
    Incident("upheld", "sensational_content", 38.3, key="upheld"),
    Incident("withdrawn", "poor_live_experience", 30.6, key="withdrawn"),
    *(Incident("repeat", "late_content", days, told="mail" if days > 7 else "") for days in (80, 66, 51, 37, 22, 6)),
    Incident("mistaken", "spam", 26.4, key="mistaken"),
    Incident("mistaken", "low_quality_content", 23.9),
    Incident("doubtful", "stolen_material", 5.2, key="doubtful", told=""),
    Incident("late", "sample_not_fulfilled", 2.3, lag=99, told="", reason="The shop found the parcel's receipt now."),
    Incident("lifted", "counterfeit_goods", 48.2),
    Incident("lifted", "illegal_activity", 10.3),
    Incident("exposed", "public_backlash", 6.4, told="hand", files=2),
    Incident("blacklisted", "fraud", 44.3, files=2),
    Incident("blacklisted", "counterfeit_goods", 43.1),
    Incident("shop_listed", "sample_not_fulfilled", 13.2),
)

CONTESTS = (
    Contest(
        "waiting", 0, "The track was bought: licence and receipt are attached.", ((7.5, "claim", "owen", ""),),
        due_in=2, files=2,
    ),
    Contest(
        "overdue", 17.2, "A giveaway brought the likes; I bought none.", ((3, "escalate", "", ""),), files=1,
    ),
    Contest(
        "asked", 9.4, "Đó là lời khách hàng, không phải lời tôi.",
        ((8.2, "claim", "owen", ""), (6.3, "ask", "owen", "Please send the customer's review that you read out.")),
    ),
    Contest("linked", 5.1, "The price was in the shop on that day until noon, see the picture.", through_link=True),
    Contest(
        "overturned", 18.3, "Các đơn này do nhân viên của shop đặt thử.",
        (
            (17.2, "claim", "owen", ""),
            (15.2, "overturned", "owen", "The shop confirmed: its own people placed the orders to test the campaign."),
        ),
        files=1,
    ),
    Contest(
        "upheld", 33.2, "It was ketchup.",
        ((31.1, "claim", "owen", ""), (29.3, "upheld", "owen", "Viewers cannot know that; the rule is about effect.")),
    ),
    Contest(
        "upheld", 20.3, "Here is the uncut video in which I say so.",
        ((16.2, "upheld", "mei", "The sentence comes after the product was shown."),), files=1,
    ),
    Contest("withdrawn", 27.3, "The stream had a host.", ((26.1, "withdrawn", "jonas", "The recording shows none."),)),
)  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """A reversal of ops' own mistake, proposed `days` ago; `decided` days ago by a second person, None: waits."""

    key: str
    days: float
    reason: str
    by: str = "priya"
    decided: float | None = None
    confirm: bool = True
    decider: str = "owen"
    note: str = ""


@dataclass(frozen=True)
class Act:
    """A measure (its code) or a lift ("lift") with a picture; `ends_in` days from now, None: no end."""

    who: str
    days: float
    measure: str
    reason: str
    by: str = "priya"
    features: tuple[str, ...] = ()
    ends_in: float | None = None


@dataclass(frozen=True)
class Listing:
    """An entry of the blacklist, proposed `days` ago: the organisation's, or with `shop` a shop's own.

    `until` is days from now. Without `decided` a proposal waits.
    """

    who: str
    days: float
    reason: str
    by: str
    shop: str = ""
    decided: float | None = None
    decider: str = ""
    until: int | None = None


MISTAKES = (
    Mistake("mistaken", 24.6, "The 14 posts are of a creator with nearly the same handle.", decided=24.1),
    Mistake("eleven", 8.4, "“Soothes” may be no medical claim.", decided=7.2, confirm=False, note="It says “heals”."),
    Mistake("doubtful", 1.2, "The other video is newer than this one."),
)
ACTS = (
    Act("banned", 11.9, "freeze_payments", "Orders by own accounts, twice. Payments wait until the case is closed."),
    Act(
        "lifted", 8.3, "lift", "The authority closed its case; LIVE is needed for the launch.", by="mei",
        features=("live",),
    ),
    Act(
        "exposed", 5.8, "withdraw_exposure", "No selling until the press has calmed down.",
        features=("live", "video"), ends_in=8,
    ),
)  # fmt: skip
LISTINGS = (
    Listing("blacklisted", 42.2, "Fraud and copies within two days.", "priya", decided=41.1, decider="jonas"),
    Listing("shop_listed", 12.4, "Kept our samples twice and sold them.", "sofia", shop="Luma Skin", until=170),
    Listing("proposed", 2.3, "Asks for a fee outside the platform before every video.", "jonas"),
    Listing("reviewed", 101.2, "Did not send back a loaned camera.", "jonas", decided=100.1, decider="mei", until=-5),
)

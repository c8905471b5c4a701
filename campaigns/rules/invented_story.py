"""The story that newcomers find in the demo's plans: who was asked for what, and how far everybody is.

All numbers of days are days before now; a role is one creator.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

D = Decimal
FEE = D("6")
LUMA, NHA, HEARTH = "Luma Skin", "Nhà Xinh", "Hearth & Table"


@dataclass(frozen=True)
class DemoProduct:
    """A product of a shop; rates in percent, `category` is a number of the reference list."""

    key: str
    shop: str
    title: str
    sku: str
    platform_id: str
    price: Decimal
    currency: str
    rate: Decimal
    category: int
    sample_cost: Decimal
    stock: int
    max_rate: Decimal | None = None
    unit_cost: Decimal | None = None
    fee_rate: Decimal | None = FEE
    tax_rate: Decimal | None = None
    notes: str = ""
    state: str = "active"


PRODUCTS = (
    DemoProduct(
        "serum", LUMA, "Barrier Repair Serum 30 ml", "LS-BRS-30", "1729384756012345678", D("28.00"), "USD", D("12"),
        601450, D("42.00"), 120, D("20"), D("6.40"), tax_rate=D("0"),
        notes="Never “cures” or “heals”. Say “for dry skin”. Show #ad.",
    ),
    DemoProduct(
        "cleanser", LUMA, "Oat Milk Cleanser 120 ml", "LS-OMC-120", "1729384756012345771", D("16.00"), "USD", D("12"),
        601450, D("18.00"), 80, D("18"),
    ),
    DemoProduct(
        "cream", LUMA, "Ceramide Night Cream 50 ml", "LS-CNC-50", "1729384756012345864", D("34.00"), "USD", D("15"),
        601450, D("46.00"), 60, D("22"), D("8.10"), tax_rate=D("0"), notes="Sleeping masks are not medicine.",
    ),
    DemoProduct(
        "balm", LUMA, "Lip Balm Duo", "LS-LBD-2", "", D("9.50"), "USD", D("10"), 601450, D("7.00"), 0, state="paused"
    ),
    DemoProduct(
        "candle", NHA, "Nến thơm quế hồi 200 g", "NX-NT-200", "1730011223344556677", D("185000"), "VND", D("12"),
        600001, D("95000"), 40, D("18"), D("62000"),
    ),
    DemoProduct(
        "quilt", NHA, "Chăn bông cotton 2 m × 2,2 m", "NX-CB-220", "1730011223344556688", D("690000"), "VND", D("8"),
        600001, D("410000"), 12,
    ),
    DemoProduct(
        "board", HEARTH, "Oak serving board, large", "HT-OSB-L", "1728877665544332211", D("34.00"), "GBP", D("14"),
        600024, D("19.00"), 30, D("18"), D("11.20"), tax_rate=D("20"),
    ),
    DemoProduct(
        "linen", HEARTH, "Linen napkins, set of 4", "HT-LN-4", "1728877665544332222", D("22.00"), "GBP", D("12"),
        600024, D("12.00"), 25,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DemoPlan:
    """A plan, made `days` ago, started the day after unless it stays a draft; `ends_in` days from now, may be past."""

    key: str
    shop: str
    owner: str
    name: str
    market: str
    days: float
    ends_in: int
    products: tuple[tuple[str, Decimal], ...]
    message: str
    language: str = "en"
    sample_rule: str = "approval"
    content_form: str = "video"
    contents: int = 1
    budget: Decimal | None = None
    expected: Decimal | None = None
    in_campaign: bool = False
    is_draft: bool = False
    closed: float | None = None


PLANS = (
    DemoPlan(
        "winter", LUMA, "sofia", "Winter barrier care", "US", 35, 22, (("serum", D("18")), ("cleanser", D("15"))),
        "Hi {creator}, our {products} goes out to 30 creators this winter: {commission} commission, a sample to keep, "
        "two short videos by {ends_on}. Shall we send it?",
        contents=2, budget=D("9000"), expected=D("62400"), in_campaign=True,
    ),
    DemoPlan(
        "night", LUMA, "sofia", "Night cream launch", "US", 32, 40, (("cream", D("18")),),
        "Hi {creator}, the night cream comes out this week. {commission} commission and a jar for you. Are you in?",
        budget=D("3600"), expected=D("21000"), in_campaign=True,
    ),
    DemoPlan(
        "gift", LUMA, "sofia", "Valentine gift set", "US", 3, 70, (("serum", D("15")), ("cleanser", D("12"))),
        "Hi {creator}, a gift set for February: serum and cleanser in one box. Interested?", is_draft=True,
    ),
    DemoPlan(
        "tet", NHA, "linh", "Tết ấm áp", "VN", 30, 45, (("candle", D("14")), ("quilt", D("9"))),
        "Chào {creator}, shop mời bạn livestream {products} dịp Tết, hoa hồng {commission}. Bạn tham gia nhé?",
        language="vi", sample_rule="none", content_form="live", budget=D("25000000"), expected=D("180000000"),
    ),
    DemoPlan(
        "autumn", HEARTH, "jonas", "Autumn table", "GB", 78, -32, (("board", D("16")), ("linen", D("12"))),
        "Hello {creator}, a board and napkins for your autumn table, {commission} commission. One video by {ends_on}?",
        budget=D("2500"), expected=D("14000"), closed=30,
    ),
    DemoPlan(
        "kitchen", HEARTH, "jonas", "Winter kitchen", "GB", 14, 30, (("linen", D("12")),),
        "Hello {creator}, napkins for the winter table, {commission} commission. One video?", budget=D("1200"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A content: drafted, reviewed and published so many days ago; `orders` a day at first, `style` of the matrix."""

    published: float | None = None
    drafted: float | None = None
    reviewed: float | None = None
    script: str = ""
    comments: str = ""
    product: str = ""
    orders: float = 4
    style: int | None = None
    # Sells half as much in its last week.
    falls: bool = False
    # The platform's report pays a tenth of its orders short.
    is_short: bool = False


@dataclass(frozen=True)
class Journey:
    """A creator in a plan; what has not happened yet is None. `ended` is (state, days, reason)."""

    who: str
    plan: str
    seated: float
    invited: float | None = None
    replied: float | None = None
    reply: str = ""
    accepted: float | None = None
    approved: float | None = None
    shipped: float | None = None
    delivered: float | None = None
    # When the parcel is expected, in days from now.
    expected_in: int | None = None
    works: tuple[Work, ...] = ()
    ended: tuple[str, float, str] | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    is_held: bool = False


RIGHTS = "Organic reposts on our account for 90 days."
GOOD = "Dry cheeks in the wind? I put this serum on after the shower, for dry skin, and wear it under make-up. #ad"
CLAIM = (
    "My winter routine: this serum heals eczema in three days, it is basically a treatment for red skin. "
    "Code in the shop. #ad"
)
YES = "Yes, happy to! Address is in my profile."
MAIN = (
    Journey(
        "larkspur", "winter", 30, 29, 28, YES, 28, 27.5, 27, 18, works=(),
        terms={"basis": "per_views", "per_views_fee": D("4.00"), "per_views_cap": D("500"), "usage_rights": RIGHTS},
    ),
    Journey(
        "tidepool", "winter", 29, 28, 27, YES, 27, 26, 25.5, 15.2,
        works=(Work(6, 8, 7, GOOD, product="serum", orders=3, style=1, is_short=True),),
    ),
    Journey("bungaraya", "winter", 24, 23, 22, YES, 22, 21, 20.5, 11),
    Journey("bellwether", "winter", 9, 8.2, 6, "Can I tell you after the weekend?"),
    Journey("mossand", "winter", 5, 4),
    Journey("kettle", "winter", 5, 3),
    Journey("dewpoint", "winter", 2, 1),
    Journey("hollow", "winter", 6, 5, 2.5, YES, 2.4, 0.8),
    Journey("sunday", "winter", 5, 4, 1.6, YES, 1.5, 0.3),
    Journey("pinch", "winter", 5, 3, 1.2, "Sounds good, what is in the box?", 1),
    Journey("larkand", "winter", 14, 13, 12, YES, 11, 6, 4, expected_in=1),
    Journey("cloudnine", "winter", 14, 13, 12, YES, 11, 6, 4.2, expected_in=1),
    Journey("fernhill", "winter", 12, 11, 10, YES, 9, 4, 2, expected_in=3),
    Journey(
        "opalhour", "winter", 25, 24, 23, YES, 23, 22, 21, 10, works=(Work(None, 1, None, CLAIM),
        Work(None, 1.2, None, GOOD)), terms={"basis": "fixed", "fixed_fee": D("400"), "usage_rights": RIGHTS},
    ),
    Journey(
        "cinder", "winter", 32, 31, 30, YES, 30, 29, 28, 19,
        works=(Work(13, 15, 14, GOOD, product="serum", orders=9, style=2),
               Work(6, 8, 7, GOOD, product="cleanser", orders=7, style=3)),
        terms={"basis": "fixed", "fixed_fee": D("450"), "usage_rights": RIGHTS},
    ),
    Journey(
        "marigold", "winter", 32, 31, 30, YES, 30, 29, 28, 18,
        works=(Work(16, 17.6, 17, GOOD, product="serum", orders=10, style=1, falls=True),
               Work(5, 7, 6, GOOD, product="serum", orders=0.5, style=4)),
        terms={"basis": "guarantee", "guarantee": D("300"), "share_rate": D("8")},
    ),
    Journey(
        "oakleaf", "winter", 33, 32.5, 32, YES, 32, 31.5, 31, 26,
        works=(Work(20, 22, 21, GOOD, product="serum", orders=11, style=1),
               Work(16, 18, 17, GOOD, product="cleanser", orders=9, style=2)),
        ended=("closed", 3, ""), terms={"basis": "fixed", "fixed_fee": D("600"), "usage_rights": RIGHTS},
    ),
    Journey(
        "brightside", "winter", 20, 19, 17, "18% is too little for two videos.",
        ended=("dropped", 11, "Commission too low for two videos; asked for 30%."),
    ),
    Journey("tallpine", "winter", 17, 16, ended=("dropped", 8, "No reply in 7 days.")),
)  # fmt: skip
# The full plan: published, delivered, waiting for a decision, invited, and those whom nobody has asked yet.
NIGHT = (
    *(
        Journey(
            f"night-out-{number}", "night", 28, 27, 26, YES, 26, 25, 24, 17,
            works=(Work(6.5 - number, 9, 8, GOOD, product="cream", orders=3 + 2 * number, style=number),),
        )
        for number in range(4)
    ),
    *(Journey(f"night-have-{number}", "night", 15, 14, 13, YES, 12, 11, 10, 3 + number) for number in range(2)),
    # Received long ago, nothing shown: an overdue sample.
    Journey("night-owes", "night", 23, 22, 21, YES, 20, 19, 18, 15.5),
    *(Journey(f"night-asks-{number}", "night", 6, 5, 3.5, YES, 3 - number / 2) for number in range(4)),
    Journey(
        "night-sold", "night", 8, 7, 6, "I sell the video, 500 flat, no commission.", 5,
        terms={"basis": "buy_out", "fixed_fee": D("520"), "usage_rights": "All rights, everywhere, for good."},
    ),
    *(Journey(f"night-asked-{number}", "night", 4, 2 + number / 4) for number in range(6)),
    Journey("night-no", "night", 12, 11, 10, "I do not do skincare any more.", ended=("declined", 10, "No skincare.")),
    *(Journey(f"night-new-{number}", "night", 1) for number in range(12)),
)  # fmt: skip
OTHERS = (
    *(Journey(f"gift-{number}", "gift", 2) for number in range(5)),
    Journey(
        "tet-live", "tet", 28, 27, 26, "Mình nhận lời, lịch thứ Bảy nhé.", 25,
        works=(Work(6.2, product="candle", orders=14),), terms={"basis": "fixed", "fixed_fee": D("3000000")},
    ),
    Journey(
        "tet-live-2", "tet", 28, 27, 26, "Ok shop.", 25, works=(Work(8, product="quilt", orders=5),),
        ended=("closed", 1, ""),
    ),
    Journey("tet-late", "tet", 20, 19, 18, "Mình tham gia.", 17),
    Journey("tet-soon", "tet", 12, 11, 10, "Gửi mình kịch bản nhé.", 9),
    *(Journey(f"tet-asked-{number}", "tet", 5, 3 + number / 2) for number in range(3)),
    Journey("tet-no", "tet", 22, 21, 20, "Dịp Tết mình nghỉ.", ended=("declined", 20, "Nghỉ Tết.")),
    Journey("tet-quiet", "tet", 20, 19, ended=("expired", 12, "No reply in 7 days")),
    *(
        Journey(
            f"autumn-{number}", "autumn", 74, 73, 72, YES, 71, 70, 69, 62,
            works=(Work(50 - number, 53, 52, "The table before the guests come. #ad",
                        product="board" if number < 3 else "linen", orders=5 + number, is_short=number == 1),),
            ended=("closed", 36, ""),
            terms=(
                {"basis": "guarantee", "guarantee": D("120"), "share_rate": D("10")} if number < 2
                else {"basis": "fixed", "fixed_fee": D("180")}
            ),
        )
        for number in range(4)
    ),
    Journey("autumn-no", "autumn", 74, 73, 72, "No thanks.", ended=("declined", 72, "Works with another brand.")),
    Journey("kitchen-0", "kitchen", 12, 11, 10, YES, 9, 8, 7, 2),
    Journey("kitchen-1", "kitchen", 5, 4),
    # Whom ops took the videos from: the work stands still.
    Journey("exposed", "kitchen", 12, 11, 10, YES, 9, 8, 7.5, is_held=True),
)  # fmt: skip
JOURNEYS = (*MAIN, *NIGHT, *OTHERS)
STYLES = ("Get ready with me", "Before and after", "Texture close-up", "Routine in 30 s", "Duet with a question")
POINTS = "For dry skin in winter\nUse it after the shower\nCode in the shop"
FORBIDDEN = ["miracle", "dermatologist", "eczema"]
# (name, first and last day from the campaign's first one, invitations, contents, GMV).
STAGES = (
    ("Warm-up", 0, 29, 40, 10, D("12000")),
    ("Push", 30, 59, 50, 45, D("34000")),
    ("Festival", 60, 89, 20, 40, D("52000")),
)
HELLO = "Hi {creator}, {shop} here. {products}: {commission} commission. Shall we send you a sample? {contact}"
HELLO_ZH = "你好 {creator}，这里是 {shop}。{products}，佣金 {commission}。需要寄样吗？{contact}"
HELLO_VI = "Chào {creator}, {shop} đây. {products}, hoa hồng {commission}. Shop gửi mẫu cho bạn nhé? {contact}"
REMINDER = "Hi {creator}, did our note about {plan} reach you? Places go until {ends_on}."
# (name, stage, language, text).
TEMPLATES = (
    ("First hello", "invitation", "en", HELLO),
    ("First hello", "invitation", "zh-hans", HELLO_ZH),
    ("First hello", "invitation", "vi", HELLO_VI),
    ("Gentle reminder", "reminder", "en", REMINDER),
    ("Sample on its way", "sample", "en", "Hi {creator}, the parcel left today. Two weeks from its arrival, please."),
    ("Content is due", "content", "en", "Hi {creator}, the video for {plan} is due. Can we help with anything?"),
    ("Thank you", "thanks", "en", "Thank you, {creator}! The numbers come at the end of the month."),
)
# (name, new creators a week, GMV from): invented, the platform publishes none.
TIERS = (("Starting", 100, None), ("Growing", 400, D("10000")), ("Large", None, D("100000")))

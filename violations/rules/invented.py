"""The invented ledger of the demo: what happens in it, a crowd of small cases, pictures that prove them."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

# Rules and how often each is broken.
RULE_SHARES = {
    "low_quality_content": 16, "poor_live_experience": 14, "late_content": 18, "misleading_promotion": 9,
    "deceptive_traffic": 7, "absolute_claim": 9, "unreviewed_publication": 6, "medical_claim": 5, "ip_infringement": 4,
    "stolen_material": 3, "sample_not_fulfilled": 4, "fake_engagement": 2, "sensational_content": 1, "spam": 1,
    "prohibited_goods": 1,
}  # fmt: skip
# What the creator is told, by rule.
NOTES = {
    "low_quality_content": "The picture is blurred and the sound is missing, so that the product cannot be judged.",
    "poor_live_experience": "The LIVE ran for 40 minutes without a host. Please show and explain the products.",
    "late_content": "The video came out after its due date. Ask for an extension before the date next time.",
    "misleading_promotion": "The video says half price; the shop never offered that price.",
    "deceptive_traffic": "The first seconds promise a giveaway that the video does not hold.",
    "absolute_claim": "“The best serum in the world” cannot be proven. Please cut the sentence.",
    "unreviewed_publication": "The video went out before the shop had seen it. Send the next one for review first.",
    "medical_claim": "The video says that the cream heals eczema. Products here must not be called a cure.",
    "ip_infringement": "The music is not in the commercial library. Replace it or take the video down.",
    "stolen_material": "The clip is from another creator's video, with their mark cut off.",
    "sample_not_fulfilled": "The sample arrived; the agreed video did not come, and three messages stayed unanswered.",
    "fake_engagement": "Two thousand likes within a minute from accounts without a picture.",
    "sensational_content": "The video shows an injury to draw viewers to a product.",
    "spam": "The same video was posted 14 times within a day.",
    "prohibited_goods": "The LIVE sold a product that must not be sold on the platform.",
    "public_backlash": "The remark about customers was taken up by the press.",
    "counterfeit_goods": "The bags shown under our name are copies.",
    "fraud": "The orders of the commission report were placed by the creator's own accounts.",
    "illegal_activity": "The authority of the market has opened a case about the goods that were shown.",
}
# What a creator says against it, and why it is overturned or upheld, by rule.
ARGUMENTS: dict[str, tuple[str, str, str]] = {
    "low_quality_content": (
        "The upload was broken; the second one is sharp.", "The second upload came within an hour.",
        "The video stayed up like this for nine days.",
    ),
    "poor_live_experience": (
        "The platform had an outage in my region.", "The outage is in the platform's status log.",
        "The outage ended before the LIVE began.",
    ),
    "late_content": (
        "The due date was moved by message, see the screenshot.", "The shop agreed to the date in time.",
        "The message with the new date was written after the due date.",
    ),
    "misleading_promotion": (
        "The price was in the shop when I recorded the video.", "The price stood in the shop for two hours that day.",
        "The price history of the shop does not show it.",
    ),
    "deceptive_traffic": (
        "The giveaway is at the end of the video.", "The giveaway is there, at minute two.",
        "The giveaway is for followers of another account.",
    ),
    "absolute_claim": (
        "It is what a customer wrote; I read it out.", "The customer's review is in the picture while it is read.",
        "Quoting somebody does not make the claim provable.",
    ),
    "unreviewed_publication": (
        "I sent it on Monday and heard nothing.", "The message of Monday is in the shop's inbox.",
        "The file of Monday is another video.",
    ),
    "medical_claim": (
        "I said calms, not heals.", "The sentence is about how the skin feels.", "“Heals” is said at second 12.",
    ),
    "ip_infringement": (
        "I bought the track.", "The licence covers commercial use.", "The licence is for private use only.",
    ),
    "stolen_material": (
        "The other account uses my clip; mine is the first one.", "This video is nine days older.",
        "The original was posted nine days earlier by the other account.",
    ),
    "sample_not_fulfilled": (
        "I was ill, the doctor's note is attached.", "The note covers the whole time.",
        "The note is of the week after the due date.",
    ),
    "fake_engagement": (
        "A giveaway brought the likes.", "The giveaway ran in that hour.", "The accounts were made on one day.",
    ),
    "sensational_content": (
        "It is make-up for Halloween.", "The video says so at once.", "Nothing in the video says so.",
    ),
    "spam": (
        "My agency posted it by mistake.", "The agency took the copies down within an hour.",
        "The copies were posted from the creator's own phone.",
    ),
    "prohibited_goods": (
        "The product was on the platform's list at that time.", "The list changed on the day after.",
        "The product was never on the list.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Incident:
    """A violation, recorded `days` ago and `lag` days after it happened; `told`: mail, hand, failed or nothing."""

    who: str
    rule: str
    days: float
    key: str = ""
    lag: float = 0.4
    by: str = "priya"
    told: str = "mail"
    files: int = 1
    has_link: bool = True
    note: str = ""
    internal_note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Contest:
    """An appeal against the incident `key`, filed `days` ago, or so that it is due `due_in` working days from now.

    `steps` are (days ago, what, who, words): claim, ask, upheld, overturned, withdrawn, escalate.
    """

    key: str
    days: float
    statement: str
    steps: tuple[tuple[float, str, str, str], ...] = ()
    due_in: int | None = None
    files: int = 0
    by: str = "jonas"
    through_link: bool = False


def invent_incidents(rng: Generator, *, crowd: int, count: int) -> tuple[list[Incident], list[Contest]]:
    """Small cases of creators "crowd-0" to "crowd-N" over 118 days, more of them lately, and appeals against some."""
    incidents = [_incident(rng, crowd, number) for number in range(count)]
    told = [one for one in incidents if one.told in ("mail", "hand")]
    contests = [_decided(rng, one) for one in told if 20 < one.days < 100 and rng.random() < 0.22]
    return incidents, contests + [_open(rng, one) for one in told if 4 < one.days < 12]


def _incident(rng: Generator, crowd: int, number: int) -> Incident:
    rules, shares = list(RULE_SHARES), np.array(list(RULE_SHARES.values()), float)
    days = 0.2 + 117 * float(rng.random()) ** 1.3
    return Incident(
        # A few have several.
        who=f"crowd-{int(crowd * rng.random() ** 1.4)}",
        rule=rules[int(rng.choice(len(rules), p=shares / shares.sum()))],
        days=days,
        key=f"crowd-case-{number}",
        lag=float(rng.uniform(0.05, 2.5)),
        by="priya" if rng.random() < 0.7 else "owen",
        told=str(rng.choice(["mail", "hand", "", "failed"], p=[0.7, 0.12, 0.15, 0.03])) if days > 1 else "",
        files=int(rng.choice(3, p=[0.35, 0.5, 0.15])),
        has_link=bool(rng.random() < 0.8),
    )


def _open(rng: Generator, incident: Incident) -> Contest:
    """An appeal that waits for its decision; every second one has a reviewer."""
    filed = incident.days - float(rng.uniform(1, 3))
    reviewer = "owen" if incident.by == "priya" else "priya"
    steps = ((filed / 2, "claim", reviewer, ""),) if rng.random() < 0.5 else ()
    return Contest(incident.key, filed, ARGUMENTS[incident.rule][0], steps)


def _decided(rng: Generator, incident: Incident) -> Contest:
    filed = incident.days - float(rng.uniform(2, 9))
    outcome = str(rng.choice(["upheld", "overturned", "withdrawn"], p=[0.6, 0.28, 0.12]))
    reviewer = "owen" if incident.by == "priya" else "mei"
    statement, overturned, upheld = ARGUMENTS[incident.rule]
    words = {"upheld": upheld, "overturned": overturned, "withdrawn": ""}[outcome]
    end = (filed - float(rng.uniform(2, 8)), outcome, "jonas" if outcome == "withdrawn" else reviewer)
    steps = ((filed - 1, "claim", reviewer, ""), (*end, words))
    return Contest(incident.key, filed, statement, steps, files=int(rng.integers(2)))


def screenshot_png(rng: Generator, *, width: int = 270, height: int = 480) -> bytes:
    """A picture like a screen of a phone: a bar, a coloured scene with a product, lines of text."""
    picture = np.full((height, width, 3), 250, np.uint8)
    picture[:28] = 24
    scene = rng.integers(60, 220, (2, 3))
    shade = np.linspace(0, 1, height - 208)[:, None]
    picture[36:-172] = (scene[0] * (1 - shade) + scene[1] * shade).astype(np.uint8)[:, None, :]
    left, top = rng.integers(50, 110), rng.integers(90, 150)
    picture[top : top + 110, left : left + 84] = rng.integers(120, 255, 3)
    picture[top + 34 : top + 60, left + 12 : left + 72] = 255
    for line in range(5):
        start = height - 150 + line * 26
        picture[start : start + 10, 18 : int(rng.integers(120, width - 18))] = 196
    return png_bytes(picture)


def png_bytes(picture: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]) -> bytes:
    """A PNG of rows of red, green and blue (height × width × 3)."""
    height, width, _colours = picture.shape
    rows = np.insert(picture.reshape(height, width * 3), 0, 0, axis=1).astype(np.uint8)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

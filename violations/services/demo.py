"""The demo's ledger: entries, notices, appeals and lists of the last 120 days, through the services of the product."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from numpy.random import Generator

from accounts.models import Shop, User
from accounts.rules import secret_digest
from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator, ShortlistEntry
from creators.services.demo import DEMO_ACCOUNTS, DEMO_SHOPS, account_load
from violations.models import Appeal, AppealStep, BlacklistEntry, CreatorLink, LedgerEntry, Notice, RuleBook
from violations.rules.appeals import Mark, mark_note
from violations.rules.invented import NOTES, Contest, Incident, invent_incidents, screenshot_png
from violations.rules.invented_story import (
    ACTS,
    CAST,
    CONTESTS,
    INCIDENTS,
    LISTINGS,
    MISTAKES,
    Act,
    Listing,
    Mistake,
)
from violations.rules.languages import mail_language
from violations.rules.windows import working_days_after
from violations.selectors.appeals import contact_of
from violations.selectors.rulebooks import milestone_values, rule_values
from violations.services.appeals import (
    appeal_ask,
    appeal_claim,
    appeal_decide,
    appeal_file,
    appeal_withdraw,
)
from violations.services.blacklist import blacklist_add, blacklist_decide, blacklist_propose
from violations.services.evidence import evidence_store
from violations.services.health import rating_record
from violations.services.ledger import measure_take, restriction_lift, violation_log
from violations.services.links import SECRET_BYTES, VALID_FOR
from violations.services.notices import notice_give, notice_text
from violations.services.reversals import reversal_decide, reversal_propose
from violations.services.rulebooks import milestone_save, rule_save, rulebook_draft, rulebooks_load
from violations.services.standings import standings_sweep
from violations.states import NoticeChannel, NoticeState

SEED = 20260404
CROWD_CASES = 112
# A desk with few creators has fewer cases, so that nobody has dozens.
CASES_A_CREATOR = 3
RATED = 40
RATING_DAYS = (61, 33, 5)
# Ten working days are two weeks, whatever day of the week they begin on.
TWO_WEEKS = timedelta(days=14)
TOLD_AFTER = timedelta(hours=2)

Step = Callable[[datetime], None]


@transaction.atomic
def violations_demo_load(*, at: datetime) -> int:
    """Give the demo's creators a past; returns the number of entries, 0 when there is a ledger or nobody for a role.

    Nobody is written to. Raises DomainError `demo_missing` where the demo's people are not.
    """
    if not User.objects.filter(email=DEMO_ACCOUNTS[0].email).exists():
        raise DomainError("demo_missing", "Run load_demo first: its people and creators are not there.")
    if LedgerEntry.objects.exists() or Creator.objects.exclude(facts=None).count() <= len(CAST):
        return 0
    rulebooks_load(at=at)
    _Story(at, _people()).tell()
    return LedgerEntry.objects.count()


def _people() -> dict[str, User]:
    """The demo's people by the name of their mailbox; who joined since the demo was made is added."""
    found = {user.email: user for user in User.objects.filter(email__in=[one.email for one in DEMO_ACCOUNTS])}
    users = [found.get(account.email) or account_load(account) for account in DEMO_ACCOUNTS]
    return {user.email.partition("@")[0]: user for user in users}


def _cast() -> dict[str, Creator]:
    """A creator for each role, known ones first: on a shortlist, then by sales. The others are the crowd."""
    listed = Exists(ShortlistEntry.objects.filter(creator=OuterRef("pk")))
    ordered = Creator.objects.exclude(facts=None).select_related("market")
    free = list(ordered.order_by(listed.desc(), F("facts__gmv_30d_usd").desc(nulls_last=True), "pk"))
    cast: dict[str, Creator] = {}
    for role, market in CAST.items():
        creator = next((one for one in free if one.market_id == market), free[0])
        cast[role] = creator
        free.remove(creator)
    return cast | {f"crowd-{number}": creator for number, creator in enumerate(free)}


class _Story:
    """Everything that happens, told in order of time, as the ledger must be written."""

    def __init__(self, at: datetime, people: dict[str, User]) -> None:
        self.at, self.people, self.cast = at, people, _cast()
        self.rng: Generator = np.random.default_rng(SEED)
        self.shops = {shop.market_code: shop for shop in Shop.objects.filter(name__in=DEMO_SHOPS)}
        self.entries: dict[str, LedgerEntry] = {}
        self.appeals: dict[str, Appeal] = {}
        self.links: dict[str, CreatorLink] = {}
        self.steps: list[tuple[datetime, Step]] = []

    def tell(self) -> None:
        crowd = len(self.cast) - len(CAST)
        count = min(CROWD_CASES, CASES_A_CREATOR * crowd)
        incidents, contests = invent_incidents(self.rng, crowd=crowd, count=count)
        for incident in (*INCIDENTS, *incidents):
            self._plan(incident.days, partial(self._log, incident))
        for contest in (*CONTESTS, *contests):
            self._contest(contest)
        for mistake in MISTAKES:
            self._plan(mistake.days, partial(self._propose, mistake))
        for act in ACTS:
            self._plan(act.days, partial(self._act, act))
        for listing in LISTINGS:
            self._plan(listing.days, partial(self._list, listing))
        self._plan(6, self._link)
        self._plan(3, self._draft)
        self._ratings()
        for moment, step in sorted(self.steps, key=lambda planned: planned[0]):
            step(moment)
        standings_sweep(at=self.at)

    def _plan(self, days: float, step: Step) -> None:
        self.steps.append((self.at - timedelta(days=days), step))

    def _files(self, count: int, by: User, at: datetime) -> list[StoredFile]:
        """Pictures as ops would take them, kept since the instant."""
        files = []
        for number in range(count):
            name = f"screen-{at:%Y%m%d-%H%M}-{number + 1}.png"
            upload = SimpleUploadedFile(name, screenshot_png(self.rng), "image/png")
            files.append(evidence_store(upload=upload, by=by))
        StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(uploaded_at=at)
        return files

    def _content_link(self, creator: Creator) -> str:
        number = int(self.rng.integers(10**17, 10**18))
        return f"https://www.tiktok.com/@{creator.handle}/video/7{number}"

    def _log(self, incident: Incident, at: datetime) -> None:
        creator, by = self.cast[incident.who], self.people[incident.by]
        entry = violation_log(
            creator=creator,
            rule_code=incident.rule,
            effective_at=at - timedelta(days=incident.lag),
            by=by,
            at=at,
            content_link=self._content_link(creator) if incident.has_link else "",
            note=incident.note or NOTES[incident.rule],
            internal_note=incident.internal_note,
            shop=self.shops.get(creator.market_id),
            evidence=self._files(incident.files, by, at),
            reason=incident.reason,
            repeat_confirmed=True,
        )
        self.entries[incident.key or f"{incident.who} {at}"] = entry
        if incident.told == "hand":
            given_at = at + TOLD_AFTER
            proof = self._files(1, by, given_at)[0]
            notice_give(entry=entry, channel="handed_over", by=by, at=given_at, given_at=given_at, proof=proof)
        elif incident.told:
            self._mailed(entry, by, at + TOLD_AFTER, failed=incident.told == "failed")

    def _mailed(self, entry: LedgerEntry, by: User, at: datetime, *, failed: bool) -> None:
        """A mail of then, written straight: nobody is written to now."""
        language = mail_language(entry.creator.language)
        subject, body = notice_text(entry=entry, language=language, at=at)
        Notice.objects.create(
            entry=entry,
            channel=NoticeChannel.MAIL,
            state=NoticeState.FAILED if failed else NoticeState.SENT,
            address=_address(entry.creator),
            language=language,
            subject=subject,
            body=body,
            created_by=by,
            created_at=at - TOLD_AFTER,
            given_at=None if failed else at,
            error="SMTPRecipientsRefused: 550 mailbox unavailable" if failed else "",
        )

    def _contest(self, contest: Contest) -> None:
        days = contest.days
        if contest.due_in is not None:
            zone = self.cast[contest.key].market.time_zone
            due_at = working_days_after(self.at, days=contest.due_in, time_zone=zone)
            days = (self.at - (due_at - TWO_WEEKS)) / timedelta(days=1)
        self._plan(days, partial(self._file, contest))
        for moment, what, who, words in contest.steps:
            self._plan(moment, partial(self._appeal_step, contest.key, what, who, words))

    def _file(self, contest: Contest, at: datetime) -> None:
        by = None if contest.through_link else self.people[contest.by]
        self.appeals[contest.key] = appeal_file(
            entry=self.entries[contest.key],
            statement=contest.statement,
            at=at,
            by=by,
            link=self.links[contest.key] if contest.through_link else None,
            evidence=self._files(contest.files, self.people[contest.by], at),
        )

    def _appeal_step(self, key: str, what: str, who: str, words: str, at: datetime) -> None:
        appeal = self.appeals[key]
        if what == "escalate":
            # As the sweep does it, without its mail to the admins.
            appeal.escalated_at = at
            appeal.save(update_fields=["escalated_at"])
            self._mark(appeal, Mark.ESCALATED, "", at)
            return
        by = self.people[who]
        if what == "claim":
            appeal = appeal_claim(appeal=appeal, by=by, at=at)
        elif what == "ask":
            appeal = appeal_ask(appeal=appeal, question=words, by=by, at=at)
        elif what == "withdrawn":
            appeal = appeal_withdraw(appeal=appeal, by=by, at=at, reason=words)
        else:
            appeal = appeal_decide(appeal=appeal, overturn=what == "overturned", reason=words, by=by, at=at)
        contact = contact_of(appeal)
        if contact and what not in ("claim", "withdrawn"):
            # The mail about it has gone out then, so that no worker sends one now.
            self._mark(appeal, Mark.MAILED, contact[0], at)

    def _mark(self, appeal: Appeal, mark: Mark, text: str, at: datetime) -> None:
        note = mark_note(mark, text)
        AppealStep.objects.create(appeal=appeal, from_state=appeal.state, to_state=appeal.state, at=at, note=note)

    def _propose(self, mistake: Mistake, at: datetime) -> None:
        by = self.people[mistake.by]
        request = reversal_propose(entry=self.entries[mistake.key], reason=mistake.reason, by=by, at=at)
        if mistake.decided is not None:
            reversal_decide(
                request=request,
                confirm=mistake.confirm,
                note=mistake.note,
                by=self.people[mistake.decider],
                at=self.at - timedelta(days=mistake.decided),
            )

    def _act(self, act: Act, at: datetime) -> None:
        creator, by = self.cast[act.who], self.people[act.by]
        files = self._files(1, by, at)
        if act.measure == "lift":
            restriction_lift(creator=creator, features=act.features, reason=act.reason, by=by, at=at, evidence=files)
            return
        measure_take(
            creator=creator,
            measure=act.measure,
            features=act.features,
            ends_at=None if act.ends_in is None else self.at + timedelta(days=act.ends_in),
            reason=act.reason,
            by=by,
            at=at,
            evidence=files,
        )

    def _list(self, listing: Listing, at: datetime) -> None:
        creator, by = self.cast[listing.who], self.people[listing.by]
        until = None if listing.until is None else (self.at + timedelta(days=listing.until)).date()
        if listing.shop:
            shop = Shop.objects.get(name=listing.shop)
            blacklist_add(creator=creator, shop=shop, reason=listing.reason, until=until, by=by, at=at)
            return
        files = self._files(1, by, at)
        entry: BlacklistEntry = blacklist_propose(
            creator=creator, reason=listing.reason, until=until, by=by, at=at, evidence=files
        )
        if listing.decided is not None:
            decided_at = self.at - timedelta(days=listing.decided)
            blacklist_decide(entry=entry, confirm=True, by=self.people[listing.decider], at=decided_at)

    def _link(self, at: datetime) -> None:
        """A link that was mailed then, written straight: nobody knows its secret, another one is sent in a click."""
        creator = self.cast["linked"]
        self.links["linked"] = CreatorLink.objects.create(
            creator=creator,
            digest=secret_digest(secrets.token_urlsafe(SECRET_BYTES)),
            email=_address(creator),
            language=mail_language(creator.language),
            created_by=self.people["jonas"],
            created_at=at,
            expires_at=at + VALID_FOR,
            last_opened_at=at + TOLD_AFTER,
        )

    def _draft(self, at: datetime) -> None:
        """The next version of the house's book, in force from next month: late content costs more, 18 points longer."""
        book, by = RuleBook.objects.published().get(code="house-2024"), self.people["priya"]
        month = (self.at.astimezone(UTC).replace(day=1) + timedelta(days=32)).replace(day=1)
        effective_from = month.replace(hour=0, minute=0, second=0, microsecond=0)
        draft = rulebook_draft(book=book, effective_from=effective_from, by=by, at=at)
        rule = draft.rules.get(code="late_content")
        rule_save(book=draft, values=replace(rule_values(rule), points=2), by=by, rule=rule)
        milestone = draft.milestones.get(threshold=18)
        milestone_save(book=draft, values=replace(milestone_values(milestone), days=21), by=by, milestone=milestone)

    def _ratings(self) -> None:
        """The platform's own rating of forty creators on three days: most healthy, a few low."""
        rated: Sequence[Creator] = list(self.cast.values())[:RATED]
        lowest = self.rng.choice([205, 160, 90], len(rated), p=[0.8, 0.14, 0.06])
        for creator, low in zip(rated, lowest, strict=True):
            for days in RATING_DAYS:
                score = int(low + self.rng.integers(0, 180 if low > 200 else 38))
                self._plan(days, partial(self._rate, creator, score))

    def _rate(self, creator: Creator, score: int, at: datetime) -> None:
        day = (at - timedelta(days=2)).date()
        rating_record(creator=creator, score=score, as_of=day, source="Seller Center", by=self.people["jonas"], at=at)


def _address(creator: Creator) -> str:
    return f"{creator.handle.strip('.')}@mail.example"

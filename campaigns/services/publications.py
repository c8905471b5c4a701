"""What is published and taken down, and contents beyond or below the agreed number."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration, Content, ContentMove, MatrixCell, Product
from campaigns.rules.content_links import platform_id_of
from campaigns.services.collaborations import collaboration_follow, collaboration_hold
from campaigns.services.contents import check_step, content_step
from campaigns.services.sampling import check_agreed, reason_wanted
from campaigns.states.contents import ContentKind, ContentState
from core.errors import DomainError

S = ContentState
MOST = 100


def content_hold(*, content: Content) -> Content:
    """The content as it is now; first its collaboration, then the content are held until the transaction ends."""
    collaboration = collaboration_hold(collaboration=content.collaboration)
    held = Content.objects.select_for_update(of=("self",)).select_related("product").get(pk=content.pk)
    held.collaboration = collaboration
    return held


@transaction.atomic
def content_add(
    *,
    collaboration: Collaboration,
    by: User,
    at: datetime,
    kind: str = ContentKind.VIDEO,
    title: str = "",
    due_at: datetime | None = None,
    cell: MatrixCell | None = None,
) -> Content:
    """One more content than agreed. Raises DomainError `not_agreed`, `kind_unknown`, `too_many_contents`."""
    held = collaboration_hold(collaboration=collaboration)
    check_agreed(held)
    if kind not in ContentKind.values:
        text = _("Choose video or LIVE.")
        raise DomainError("kind_unknown", text, fields={"kind": text})
    number = (held.contents.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST:
        raise DomainError("too_many_contents", _("A collaboration holds at most 100 contents. Start another one."))
    content = Content.objects.create(
        collaboration=held, number=number, kind=kind, title=title.strip(), cell=cell or held.seat.cell, state_at=at,
        due_at=due_at, created_at=at,
    )  # fmt: skip
    ContentMove.objects.create(content=content, to_state=content.state, by=by, at=at)
    collaboration_follow(collaboration=held, at=at, by=by)
    return content


@transaction.atomic
def content_edit(
    *, content: Content, title: str, product: Product | None, due_at: datetime | None, by: User, at: datetime
) -> Content:
    """Mend the title, the tagged product and the due date of a content. Raises DomainError `product_not_in_plan`."""
    held = content_hold(content=content)
    _check_product(held, product)
    held.title, held.product, held.due_at = title.strip(), product, due_at
    held.save(update_fields=["title", "product", "due_at"])
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def content_cancel(*, content: Content, by: User, at: datetime, reason: str) -> Content:
    """The content is not wanted any more. Raises DomainError `reason_missing`, `content_move_impossible`."""
    held = content_hold(content=content)
    content_step(content=held, to=S.CANCELLED, at=at, by=by, reason=reason_wanted(reason))
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def content_publish(
    *,
    content: Content,
    by: User,
    at: datetime,
    published_at: datetime,
    url: str = "",
    product: Product | None = None,
    live_minutes: int | None = None,
) -> Content:
    """The content is out, or out again: where, since when, with which product tagged, and how long a LIVE was.

    Raises DomainError `not_agreed`, `link_missing`, `link_invalid`, `link_used`, `moment_in_future`,
    `product_not_in_plan`, `content_move_impossible`.
    """
    held = content_hold(content=content)
    check_agreed(held.collaboration)
    check_step(held, S.PUBLISHED)
    if published_at > at:
        raise _wrong("moment_in_future", "published_at", _("It cannot have been published in the future."))
    _check_product(held, product)
    held.published_url, held.platform_id = _link(held, url)
    held.published_at, held.taken_down_at, held.product = published_at, None, product
    held.live_minutes = live_minutes if held.kind == ContentKind.LIVE else None
    fields = ("published_url", "platform_id", "published_at", "taken_down_at", "product", "live_minutes")
    content_step(content=held, to=S.PUBLISHED, at=at, by=by, fields=fields)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def content_publication_correct(
    *,
    content: Content,
    by: User,
    at: datetime,
    published_at: datetime,
    url: str = "",
    product: Product | None = None,
    live_minutes: int | None = None,
) -> Content:
    """Mend what was said about a published content; its state stays.

    Raises what `content_publish` raises, and `not_published`.
    """
    held = content_hold(content=content)
    if held.state != S.PUBLISHED:
        raise DomainError("not_published", _("This content is not out."), status=409)
    if published_at > at:
        raise _wrong("moment_in_future", "published_at", _("It cannot have been published in the future."))
    _check_product(held, product)
    held.published_url, held.platform_id = _link(held, url)
    held.published_at, held.product = published_at, product
    held.live_minutes = live_minutes if held.kind == ContentKind.LIVE else None
    held.save(update_fields=["published_url", "platform_id", "published_at", "product", "live_minutes"])
    return held


@transaction.atomic
def content_take_down(
    *, content: Content, by: User, at: datetime, reason: str, taken_down_at: datetime | None = None
) -> Content:
    """The content is not to be seen any more. `taken_down_at` None: now.

    Raises DomainError `reason_missing`, `moment_in_future`, `down_before_published`, `content_move_impossible`.
    """
    held, moment = content_hold(content=content), taken_down_at or at
    check_step(held, S.TAKEN_DOWN)
    if moment > at:
        raise _wrong("moment_in_future", "taken_down_at", _("It cannot have been taken down in the future."))
    if held.published_at is not None and moment < held.published_at:
        text = _("It cannot have been taken down before it was published.")
        raise _wrong("down_before_published", "taken_down_at", text)
    held.taken_down_at = moment
    content_step(content=held, to=S.TAKEN_DOWN, at=at, by=by, reason=reason_wanted(reason), fields=("taken_down_at",))
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


def _link(content: Content, url: str) -> tuple[str, str]:
    """The link and the platform's number in it; a LIVE may have none."""
    url = url.strip()
    if not url:
        if content.kind == ContentKind.LIVE:
            return "", ""
        raise _wrong("link_missing", "url", _("Paste the link of the video."))
    if "://" not in url:
        url = f"https://{url}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or len(url) > 500:
        text = _("Paste the whole link, such as https://www.tiktok.com/@handle/video/7301234567890123456.")
        raise _wrong("link_invalid", "url", text)
    number = platform_id_of(url)
    same = Content.objects.filter(platform_id=number).exclude(pk=content.pk) if number else Content.objects.none()
    if same.filter(collaboration__shop=content.collaboration.shop_id).exists():
        text = _("Another content of this shop has this link already.")
        raise DomainError("link_used", text, fields={"url": text}, status=409)
    return url, number


def _check_product(content: Content, product: Product | None) -> None:
    if product is None or product.pk == content.product_id:
        return
    if not content.collaboration.plan.plan_products.filter(product=product).exists():
        raise _wrong("product_not_in_plan", "product", _("Choose a product of the plan."))


def _wrong(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})

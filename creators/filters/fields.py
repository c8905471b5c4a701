"""Form fields of the directory's filters: numbers as people type them, codes from lists, agencies."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import MultipleChoiceFilter, NumberFilter

from creators.rules.numbers import LIMIT, parse_number


class NumberField(forms.Field):
    """A number as typed: 15000, 15,000, 15K, 1.5万, $15K; a rate in percent (2.0 and 2% are 0.02)."""

    default_error_messages = {
        "number": _("Write a number, such as 15000, 15K or 1.5万."),
        "rate": _("Write a percentage, such as 2.5."),
        "range": _("Write one number here; the other field takes the other end."),
        "large": _("Write a number below 1,000,000,000,000,000."),
    }

    def __init__(
        self, *, kind: Literal["count", "money", "rate", "score"], signed: bool = False, **options: Any
    ) -> None:
        options.pop("decimal_places", None)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options)
        self.kind = kind
        self.signed = signed

    def prepare_value(self, value: Any) -> Any:
        """A stored number as people type it; what was typed stays as it is."""
        if isinstance(value, Decimal):
            shown = value * 100 if self.kind == "rate" else value
            return f"{shown.normalize():f}"
        return value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        parsed = parse_number(text, kind=self.kind, currency="USD", signed=self.signed)
        if parsed.problem == "number_too_large" or (parsed.value is not None and abs(parsed.value) >= LIMIT):
            raise ValidationError(self.error_messages["large"])
        if parsed.value is None or parsed.currency not in (None, "USD"):
            raise ValidationError(self.error_messages["rate" if self.kind == "rate" else "number"])
        if parsed.high is not None or parsed.open:
            raise ValidationError(self.error_messages["range"])
        return parsed.value


class MetricFilter(NumberFilter):
    """One end of a metric's range."""

    field_class = NumberField

    def get_max_validator(self) -> None:
        """The field has its own limit."""


class ListField(forms.MultipleChoiceField):
    """Values of which the list of known ones is for choosing, not for checking."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 120


class ListFilter(MultipleChoiceFilter):
    """Any of several texts."""

    field_class = ListField
    always_filter = False


class CodesField(forms.MultipleChoiceField):
    """Codes of a list that the filter set fills in; `a,b` is the same as two values."""

    codes: Sequence[str] = ()

    def to_python(self, value: Any) -> list[str]:
        return [code for text in super().to_python(value) for code in self._codes(text)]

    def _codes(self, text: str) -> Iterable[str]:
        known = {code.lower(): code for code in self.codes}
        return [known.get(part.strip().lower(), part.strip()) for part in text.split(",") if part.strip()]

    def known(self, choices: Sequence[tuple[str, str]]) -> None:
        """Set what may be chosen; read once a request, so that checking costs no query."""
        self.choices = choices
        self.codes = [code for code, _label in choices]


class CodesFilter(MultipleChoiceFilter):
    """Any of several codes."""

    field_class = CodesField
    always_filter = False

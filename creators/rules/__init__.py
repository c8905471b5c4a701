"""Pure rules of the directory: no ORM, no clock, no settings.

`PROBLEMS` says what to do about each reason for which a cell or a row is refused; `NOTICES` what a person should
know about values that were left empty. Row, column and value are added by whoever shows the message.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, Promise] = {
    "number_unreadable": _(
        "This is not a number. Write digits, such as 12400, 12.4K or 1.2万, or leave the cell empty."
    ),
    "number_negative": _("This value cannot be below 0. Correct it or leave the cell empty."),
    "number_too_large": _(
        "The number has more than 15 digits, so it is probably an ID. Map the column to another field."
    ),
    "number_lost_digits": _(
        "A spreadsheet shortened this number. Format the column as a number without exponent and export again."
    ),
    "number_marks": _(
        "The thousands or decimal mark does not fit the rest of the column. Write the number like the others."
    ),
    "number_infinite": _("Infinity and NaN are not values. Write a number or leave the cell empty."),
    "number_formula_error": _("The cell holds a spreadsheet error. Correct the formula and export again."),
    "range_reversed": _("The range ends below its start. Write the smaller number first."),
    "percent_unexpected": _("A percentage does not fit this field. Map the column to a rate or remove the % sign."),
    "currency_unexpected": _("An amount of money does not fit this field. Map the column to another field."),
    "handle_missing": _("The handle is empty. Write the creator's handle or a profile link."),
    "handle_invalid": _("A handle has only letters a–z, digits, underscores and dots, and does not end with a dot."),
    "handle_too_long": _("The handle is longer than 64 characters. Write the handle only."),
    "handle_short_link": _("A short link does not show the handle. Open it and paste the address of the profile."),
    "handle_other_link": _("The link is not a TikTok profile. Write the handle or a link such as tiktok.com/@name."),
    "handle_is_id": _("This is a creator ID, not a handle. Map the column to the ID field."),
    "id_lost_digits": _(
        "A spreadsheet shortened this ID and its last digits are lost. Format the column as text and export again."
    ),
    "id_invalid": _("A creator ID has 5 to 25 digits and nothing else."),
    "date_unreadable": _("This is not a date. Write it like 2024-08-27."),
    "date_in_future": _("The day lies in the future. Write the day on which the value was true."),
    "market_missing": _("The market is empty. Write a country, or choose a market for the whole list."),
    "market_unknown": _("This market is not known. Write a country code such as US, VN or GB."),
    "currencies_differ": _("The amounts of this row are in different currencies. Write them in one."),
    "value_too_large": _("The value is larger than this field can be. Check the column's unit or its field."),
    "row_too_long": _("The row has more cells than the header. Check its quotes and separators."),
    "date_out_of_range": _("The date lies outside the years 2016 to 2100. Write it like 2024-08-27."),
}

NOTICES: dict[str, Promise] = {
    "value_locked": _("The tool hid this value behind a paid plan; it was read as empty."),
}

from violations.filters.chips import EntryChip, entry_chips
from violations.filters.entries import PERIODS, EntryFilter, entry_filter

__all__ = ["PERIODS", "EntryChip", "EntryFilter", "entry_chips", "entry_filter"]

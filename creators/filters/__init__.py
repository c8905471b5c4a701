from creators.filters.chips import Chip, chips_of, language_name
from creators.filters.creators import GOALS, CreatorFilter, creator_filter
from creators.filters.facets import Facet, shown_facets, unshown

__all__ = [
    "GOALS",
    "Chip",
    "CreatorFilter",
    "Facet",
    "chips_of",
    "creator_filter",
    "language_name",
    "shown_facets",
    "unshown",
]

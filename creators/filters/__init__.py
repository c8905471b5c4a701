from creators.filters.chips import Chip, chips_of
from creators.filters.creators import GOALS, CreatorFilter, creator_filter

__all__ = ["GOALS", "Chip", "CreatorFilter", "chips_of", "creator_filter"]

"""Where a parcel can be followed, for carriers whose public pages take the number in the address."""

from urllib.parse import quote

# Spellings of the name (lower case, without blanks, dots and dashes) to the page; {} is the tracking number.
_PAGES: dict[str, str] = {
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "royalmail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "ninjavan": "https://www.ninjavan.co/en-my/tracking?id={}",
    "4px": "https://track.4px.com/#/result/0/{}",
    "yunexpress": "https://www.yuntrack.com/parcelTracking?id={}",
}
_NAMES = {"云途": "yunexpress", "云途物流": "yunexpress", "递四方": "4px", "dhlexpress": "dhl", "dhlecommerce": "dhl"}
CARRIERS = ("UPS", "USPS", "FedEx", "DHL", "Royal Mail", "Ninja Van", "J&T Express", "SPX Express", "4PX", "YunExpress")


def tracking_url(carrier: str, number: str) -> str:
    """The page that follows the parcel; "" for carriers without one, and without a number."""
    name = "".join(one for one in carrier.casefold() if one.isalnum())
    page = _PAGES.get(_NAMES.get(name, name), "")
    return page.format(quote(number.strip(), safe="")) if page and number.strip() else ""

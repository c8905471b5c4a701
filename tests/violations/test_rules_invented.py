import numpy as np

from violations.rules.evidence import HEAD, evidence_type
from violations.rules.invented import ARGUMENTS, NOTES, RULE_SHARES, invent_incidents, png_bytes, screenshot_png
from violations.rules.invented_story import ACTS, CAST, CONTESTS, INCIDENTS, LISTINGS, MISTAKES


def invented(count=200):
    return invent_incidents(np.random.default_rng(7), crowd=50, count=count)


def test_invented_incidents_are_the_same_every_time():
    assert invented() == invented()


def test_invented_incidents_lie_within_120_days_and_are_more_lately():
    incidents, _contests = invented()
    assert all(0 < one.days < one.days + one.lag < 120 for one in incidents)
    assert sum(one.days < 59 for one in incidents) > 100


def test_invented_appeals_come_after_their_incident_and_are_decided_in_time():
    incidents, contests = invented()
    told = {one.key: one for one in incidents if one.told}
    assert contests
    for contest in contests:
        moments = [told[contest.key].days, contest.days, *(days for days, *_rest in contest.steps)]
        assert moments == sorted(moments, reverse=True)
        assert contest.days - moments[-1] < 13


def test_invented_reviewers_have_not_logged_the_case():
    incidents, contests = invented()
    logger = {one.key: one.by for one in incidents}
    reviewers = [(c.key, who) for c in contests for _days, what, who, _words in c.steps if what != "withdrawn"]
    assert reviewers
    assert all(who != logger[key] for key, who in reviewers)


def test_invented_rules_have_their_words():
    assert set(ARGUMENTS) == set(RULE_SHARES) <= set(NOTES)


def test_story_names_only_its_cast_and_cases():
    keys = {one.key for one in INCIDENTS}
    assert {one.who for one in (*INCIDENTS, *ACTS, *LISTINGS)} <= set(CAST)
    assert {one.key for one in (*CONTESTS, *MISTAKES)} <= keys
    assert {one.rule for one in INCIDENTS} <= set(NOTES)


def test_screenshot_is_an_image_that_evidence_takes():
    content = screenshot_png(np.random.default_rng(1))
    assert evidence_type(content[:HEAD]) == "image/png"
    assert content != screenshot_png(np.random.default_rng(2))


def test_png_holds_size_and_pixels():
    content = png_bytes(np.full((2, 3, 3), 9, np.uint8))
    assert content[16:24] == bytes([0, 0, 0, 3, 0, 0, 0, 2])
    assert content.endswith(b"IEND\xaeB`\x82")

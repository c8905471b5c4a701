from decimal import Decimal

from campaigns.rules.contribution import contribution

D = Decimal


def test_everything_is_taken_off():
    found = contribution(D("24.00"), D("15"), D("6"), D("8"), D("7.20"))
    # 24 − 3.60 − 1.44 − 1.92 − 7.20
    assert found == (D("9.84"), False, ())


def test_without_the_cost_of_goods_it_says_so():
    found = contribution(D("24.00"), D("15"), D("6"), D("8"), None)
    assert found == (D("17.04"), True, ("unit_cost",))


def test_unknown_fee_and_tax_are_named_too():
    found = contribution(D("10"), None, None, None, D("4"))
    assert (found.amount, found.is_before_goods_cost) == (D("6.00"), True)
    assert found.unknown == ("commission_rate", "platform_fee_rate", "tax_rate")


def test_an_unknown_commission_alone_leaves_all_costs_known():
    assert contribution(D("10"), None, D("5"), D("0"), D("4")) == (D("5.50"), False, ("commission_rate",))


def test_half_a_cent_is_rounded_up_and_a_loss_stays_a_loss():
    assert contribution(D("0.99"), D("50"), D("0"), D("0"), D("0")).amount == D("0.50")
    assert contribution(D("5"), D("80"), D("10"), D("10"), D("3")).amount == D("-3.00")

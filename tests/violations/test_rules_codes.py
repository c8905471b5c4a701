import pytest

from violations.rules.codes import CODES, code_clean, code_text


def test_code_keeps_its_leading_zeros():
    assert [code_text(0), code_text(42), code_text(CODES - 1)] == ["000000", "000042", "999999"]


@pytest.mark.parametrize("typed", ["004217", " 004 217 ", "004-217", "００４２１７"])
def test_code_is_read_however_it_is_typed(typed):
    assert code_clean(typed) == "004217"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５", "٠١٢٣٤٥"])
def test_everything_else_is_no_code(typed):
    assert code_clean(typed) == ""

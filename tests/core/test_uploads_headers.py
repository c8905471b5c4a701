from core.uploads.headers import HeaderGuess, column_letters, find_header

KNOWN = {"handle", "followers", "gmv", "gmv 30 days", "name"}


def known(text: str) -> bool:
    return text.strip().lower() in KNOWN


def guess(*rows: list[str], numbers: list[int] | None = None) -> HeaderGuess:
    return find_header(list(zip(numbers or range(1, len(rows) + 1), rows, strict=True)), known)


def test_header_below_titles_and_blank_rows() -> None:
    rows = ["Top creators", "", ""], ["Name: all", "", ""], ["Handle", "Followers", "GMV"], ["mira", "5", "6"]

    assert guess(*rows, numbers=[1, 3, 5, 6]) == HeaderGuess(5, ["Handle", "Followers", "GMV"], 3)


def test_header_repeated_in_the_data_is_the_first_one() -> None:
    assert guess(["Handle", "Followers"], ["mira", "5"], ["Handle", "Followers"]).row_number == 1


def test_names_are_trimmed_and_extended_to_the_rows_below() -> None:
    assert guess(["Handle ", "Followers\n"], ["mira", "5", "x"]).names == ["Handle", "Followers", ""]


def test_merged_cells_above_complete_the_names() -> None:
    found = guess(
        ["Handle", "GMV", "", "Followers"], ["", "30 days", "7 days", ""], ["mira", "1", "2", "3"], numbers=[2, 3, 4]
    )
    below = guess(["Basics", "GMV", ""], ["Handle", "30 days", "Followers"], ["mira", "1", "2"])

    assert found.row_number == 2
    assert (below.row_number, below.names) == (2, ["Handle", "GMV 30 days", "Followers"])


def test_name_over_an_empty_cell_is_taken() -> None:
    found = guess(["Handle", "x", "Z"], ["", "Followers", "GMV"], ["mira", "1", "2"])

    assert found == HeaderGuess(2, ["Handle", "Followers", "GMV"], 3)


def test_unknown_words_above_values_are_a_header() -> None:
    found = guess(["List of July", "", ""], ["Wer", "Wie viele", "Wo"], ["@mira", "5", "DE"], ["@noor", "6", "DE"])

    assert found == HeaderGuess(2, ["Wer", "Wie viele", "Wo"], 0)


def test_data_at_once_has_no_header() -> None:
    assert guess(["@mira", "5K"], ["@noor", "6K"]) == HeaderGuess(0, ["A", "B"], 0)


def test_column_letters() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]

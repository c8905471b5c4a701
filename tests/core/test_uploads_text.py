from pathlib import Path

import pytest

from core.errors import DomainError
from core.uploads import text
from core.uploads.text import csv_rows, find_delimiter, find_encoding

CHINESE = "达人名称,粉丝数\r\n米拉的小店,12000\r\n努尔日常分享,8000\r\n"
WESTERN = "Name,Followers\nZoë Façade – “été”,5\nJosé Peña,6\n"


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode(), "utf-8"), (CHINESE.encode("utf-8-sig"), "utf-8-sig"), (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-16"), (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"), (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (WESTERN.encode("cp1252"), "cp1252"), (b"Name,Followers\nmira,5\n", "utf-8"),
        ((CHINESE + "😀,𝓶𝓲𝓻𝓪,龘\n").encode("gb18030"), "gb18030"),
    ],
)  # fmt: skip
def test_encoding_of_the_whole_file(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = write(tmp_path / "list.csv", content)

    assert find_encoding(path) == encoding
    first = next(csv_rows(path, encoding, ","))[1]
    assert first == content.decode(encoding).splitlines()[0].split(",")


def test_one_late_byte_decides(tmp_path: Path) -> None:
    late = b"name,5\n" * 200_000 + "José,6\n".encode("cp1252")

    assert find_encoding(write(tmp_path / "list.csv", late)) == "cp1252"


def test_long_file_is_judged_by_its_first_megabyte(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", ("米拉的小店,12000\n" * 80_000).encode("gb18030"))

    assert path.stat().st_size > text.SAMPLE
    assert find_encoding(path) == "gb18030"


def test_rare_encoding_is_guessed(tmp_path: Path) -> None:
    japanese = "名前,フォロワー\nさくらのまいにち、おすすめコスメ,5\n" * 30

    assert find_encoding(write(tmp_path / "list.csv", japanese.encode("shift_jis"))) in (
        "cp932",
        "shift_jis",
        "shift_jis_2004",
    )


def test_nearly_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    content = CHINESE.encode() * 3 + b"mira\xff,5\n"

    with pytest.raises(DomainError, match="Line 10 ") as caught:
        find_encoding(write(tmp_path / "list.csv", content))
    assert caught.value.code == "encoding_broken"


def test_cut_utf16_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as caught:
        find_encoding(write(tmp_path / "list.csv", CHINESE.encode("utf-16") + b"\x41"))
    assert caught.value.code == "encoding_broken"


def test_unreadable_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "list.csv", b"\x81\x8d\x8f,\x90\x9d\n" * 9)
    tried = []
    monkeypatch.setattr(text, "_decodes", lambda _path, encoding: tried.append(encoding))

    with pytest.raises(DomainError) as caught:
        find_encoding(path)
    assert caught.value.code == "encoding_unknown"
    assert tried[:2] == ["utf-8", "cp1252"]


def test_zero_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as caught:
        find_encoding(write(tmp_path / "list.csv", b"Handle,Followers\nmi\x00ra,5\n"))
    assert caught.value.code == "nul_bytes"


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("Handle,Name\nmira,Mira; L\nnoor,Noor\n", ","), ("Handle;GMV\nmira;1,5\nnoor;2,25\n", ";"),
        ("Handle\tName\nmira\tMira, L\n", "\t"), ("Handle|Name\nmira|Mira\n", "|"), ("Handle\nmira\n", ","),
        ("sep=;\r\nHandle,x;GMV\r\n", ";"), (",,,\nRank,Name,User,Fans\n1,\"a;b\",c,5\n", ","), ("", ","),
        ("Top creators, July; all markets\n\nHandle;Fans\nmira;5\nnoor;6\nlee;7\n", ";"),
    ],
)  # fmt: skip
def test_delimiter(tmp_path: Path, content: str, delimiter: str) -> None:
    assert find_delimiter(write(tmp_path / "list.csv", content.encode()), "utf-8") == delimiter


def test_delimiter_of_a_file_with_one_endless_cell(tmp_path: Path) -> None:
    assert find_delimiter(write(tmp_path / "list.csv", b'"' + b"x" * 140_000), "utf-8") == ","


def rows(path: Path, content: str) -> list[tuple[int, list[str]]]:
    return list(csv_rows(write(path / "list.csv", content.encode()), "utf-8", ","))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_keep_the_numbers_of_a_spreadsheet(tmp_path: Path, end: str) -> None:
    found = rows(
        tmp_path, end.join(["Top list,", ",", "", "Handle,Bio", 'mira,"two\nlines, ""quoted"""', "noor,x", ""])
    )

    assert found == [
        (1, ["Top list", ""]), (4, ["Handle", "Bio"]), (5, ["mira", 'two\nlines, "quoted"']), (6, ["noor", "x"]),
    ]  # fmt: skip


def test_lost_quotation_mark_is_refused_with_its_row(tmp_path: Path) -> None:
    content = "Handle,Name,Fans\n" + "a,b,5\n" * 3 + 'mira,"Queen,5\n' + "c,d,6\n" * 300 + 'noor,"x",7\n'

    with pytest.raises(DomainError, match="Row 5 ") as caught:
        rows(tmp_path, content)
    assert caught.value.code == "quote_open"


def test_cell_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as caught:
        rows(tmp_path, 'Handle,Name\nmira,"' + "x" * 1_100_000)
    assert caught.value.code == "quote_open"


def test_long_bio_with_line_breaks_is_kept(tmp_path: Path) -> None:
    bio = "\n".join(["line, with comma"] * 30)

    assert rows(tmp_path, f'Handle,Name,Fans,Bio\nmira,x,5,"{bio}"\n')[1][1][3] == bio

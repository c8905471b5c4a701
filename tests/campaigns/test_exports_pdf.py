from campaigns.exports.pdf import Grid, Pairs, Words, pdf_of, rich
from tests.pdfs import words_of

PARTS = [
    Pairs("Paid", [("Fee", "$1,200.00 & <more>"), ("基准", "固定费用")]),
    Grid("Lines", ["Product", "Amount"], [["Serum", "12.00"]], numbers=frozenset({1}), total=["Total", "12.00"]),
    Words("Note", "First.\n\nSecond."),
]


def made(parts=PARTS, **options) -> bytes:
    return pdf_of(title="Statement", subtitle="Shop 店铺", parts=parts, foot="Foot", compress=False, **options)


def test_pdf_says_every_word_in_both_scripts():
    pdf = made()
    words = words_of(pdf)
    assert pdf.startswith(b"%PDF-")
    for word in (
        "Statement",
        "店铺",
        "$1,200.00 & < more >",
        "固定费用",
        "Serum",
        "Total",
        "Second.",
        "Foot",
        "Page 1",
    ):
        assert word in words, word


def test_pdf_of_the_same_input_has_the_same_bytes():
    assert made() == made()


def test_pdf_numbers_its_pages():
    pages = made([Grid("Lines", ["Product"], [[f"Row {number}"] for number in range(90)])])
    assert "Page 3" in words_of(pages)
    assert words_of(pages).count("Product") == 3


def test_rich_gives_each_script_a_font_that_has_it():
    assert rich("a<中한ก") == (
        '<font name="Inter">a&lt;</font><font name="STSong-Light">中</font>'
        '<font name="HYSMyeongJo-Medium">한</font><font name="NotoSansThai">ก</font>'
    )


def test_rich_leaves_emoji_out():
    assert rich("Maya \U0001f525\ufe0f\u26c5") == '<font name="Inter">Maya </font>'

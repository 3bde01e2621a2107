from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.decode import decode, decode_html, decode_text, looks_binary

WORDS = "Grüße – naïve café, und noch etwas mehr Text."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), "utf-32-le"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_of_the_same_words_reads_the_same(data: bytes, encoding: str) -> None:
    assert decode(data) == (WORDS, encoding)


def test_one_broken_byte_does_not_turn_utf8_into_windows_1252() -> None:
    text, encoding = decode(("ü" * 50).encode() + b"\xff" + "é".encode())
    assert encoding == "utf-8"
    assert text == "ü" * 50 + "\ufffdé"


def test_a_latin_letter_in_a_utf8_file_is_read_and_said() -> None:
    decoded = decode_text("Größe und Länge\n".encode() + "Kühler\n".encode("latin-1"))
    assert (decoded.text, decoded.n_strays) == ("Größe und Länge\nKühler\n", 1)
    assert "a guess" in decoded.warning


def test_a_file_cut_in_the_middle_of_a_letter_is_utf8() -> None:
    assert decode_text("Größe und Länge ü".encode()[:-1]).text == "Größe und Länge \ufffd"


LEGACY = {
    "gb18030": ["港口的水闸每天早上六点打开。看守人把钥匙放在盒子里。", "图片,说明\nr1.jpg,老渔夫在补网\n"],
    "big5hkscs": ["港口的水閘每天早上六點打開。看守人把鑰匙放在盒子裡。", "圖片,說明\nr1.jpg,老漁夫在補網\n"],
    "cp932": ["港の水門は毎朝六時に開きます。", "名前,年齢,住所\n佐藤太郎,30,東京\n", "カタカナのみ"],
    "euc_jis_2004": ["港の水門は毎朝六時に開きます。番人は鍵を置いています。"],
    "cp949": ["항구의 수문은 매일 아침 여섯 시에 열립니다.", "사진,설명\na.jpg,다리 위의 기차\n"],
    "cp1251": ["Шлюз в порту открывают каждое утро.", "Фото,Подпись\n1.jpg,Мост через реку\n", "Москва"],
    "koi8-r": ["Старый рыбак чинит сеть у моря", "Москва"],
    "cp866": ["Старый рыбак чинит сеть у моря"],
    "cp1250": ["Biały kot pod latarnią morską", "Žlutý kůň skáče přes plot"],
    "cp1253": ["Ο γέρος ψαράς διορθώνει το δίχτυ"],
    "cp1254": ["Yaşlı balıkçı ağını onarıyor"],
    "cp1255": ["הדייג הזקן מתקן את הרשת"],
    "cp1256": ["الصياد العجوز يصلح الشبكة"],
    "cp1252": [
        "Müller",
        "Île-de-France; Noël à Nîmes",
        "£3.20, ½ cup, 5 °C",
        "“No” – and left… don’t ask",
        "© 2019 Trust",
    ],
    "iso2022_jp_ext": ["港の水門は毎朝六時に開きます。"],
}


@pytest.mark.parametrize(("codec", "words"), [(codec, words) for codec, some in LEGACY.items() for words in some])
def test_legacy_encodings_are_guessed_and_the_guess_is_said(codec: str, words: str) -> None:
    decoded = decode_text(words.encode(codec))
    assert decoded.text == words
    assert decoded.is_guess
    assert "a guess; if words look wrong, save the file as UTF-8" in decoded.warning


def test_a_declared_charset_that_cannot_be_true_is_not_believed() -> None:
    decoded = decode_text("Старый рыбак чинит сеть у моря".encode("cp1251"), "utf-8")
    assert (decoded.encoding, decoded.is_guess) == ("cp1251", True)
    assert decode_text("Старый рыбак чинит сеть у моря".encode("cp1251"), "euc-jp").encoding == "cp1251"


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (b"<meta charset=shift_jis>", "cp932"),
        (b"<script>" + b"x" * 9000 + b"</script><meta charset=x-sjis></head>", "cp932"),
        (b"<meta charset=gb2312>", "gb18030"),
        (b"<meta charset=iso-2022-jp>", "iso2022_jp_ext"),
        (b"<meta charset=hz-gb-2312>", "hz"),
        (b'<meta http-equiv=x content="text/html; charset=koi8-r">', "koi8-r"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2"),
    ],
)
def test_a_page_is_read_with_the_charset_it_declares(head: bytes, codec: str) -> None:
    words = {
        "cp932": "日本語",
        "iso2022_jp_ext": "日本語",
        "hz": "港口",
        "gb18030": "港口",
        "koi8-r": "привет",
        "iso8859-2": "Żółw",
    }[codec]
    assert decode_html(head + words.encode(codec)) == (head.decode() + words, codec)


@pytest.mark.parametrize("charset", [b"latin-1", b"nonsense", b"base64", b"zip", b"utf-8"])
def test_a_useless_charset_falls_back_to_windows_1252(charset: bytes) -> None:
    text, encoding = decode_html(b"<meta charset=" + charset + b">\x93quoted\x94")
    assert (text[-8:], encoding) == ("“quoted”", "cp1252")


def test_binary_is_told_from_text() -> None:
    assert looks_binary(bytes(range(256)) * 4)
    assert not looks_binary(WORDS.encode("utf-16-le"))
    assert not looks_binary(WORDS.encode("cp1252") + b"\x1b[0m\f")


@settings(deadline=None)  # the first guess loads chardet's tables
@given(st.binary())
def test_decode_never_fails(data: bytes) -> None:
    decode(data)
    decode_html(data)

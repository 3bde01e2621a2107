"""Messages, with what is attached to them."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from benchmarks.reading.old_office import outlook
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png, word


def message(body: str = "The seal is 48 mm thick.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made.set_content(body)
    for name, value in (
        {"Message-ID": "<2@x>", "From": "Nell Abney <nell@x.org>", "To": "yard@x.org"} | headers
    ).items():
        made[name.replace("_", "-")] = value
    return made


def test_headers_are_words_and_columns_and_name_the_thread(read: Read) -> None:
    made = message(
        Subject="Re: Größe der Dichtung",
        Date="Tue, 05 Mar 2024 10:00:00 +0100",
        In_Reply_To="<1@x>",
        References="<0@x> <1@x>",
    )
    found = read(bytes(made), "a.eml")
    assert found.info.title == "Re: Größe der Dichtung"
    assert found.info.metadata == {
        "author": "Nell Abney",
        "to": "yard@x.org",
        "created": "2024-03-05T10:00:00+01:00",
        "subject": "Re: Größe der Dichtung",
        "message_id": "2@x",
        "in_reply_to": "1@x",
        "thread": "0@x",
        "thread_subject": "Größe der Dichtung",
    }
    head, body = found.texts
    assert head.startswith("Subject: Re: Größe der Dichtung\nFrom: Nell Abney <nell@x.org>")
    assert body == "The seal is 48 mm thick."


def test_attachments_are_read_by_their_own_parsers(read: Read) -> None:
    inner = message("Nested words.", Subject="Inner")
    made = message()
    made.add_attachment(
        word(lambda document: document.add_heading("Pump", 1)), maintype="x", subtype="y", filename="a.docx"
    )
    made.add_attachment(png().getvalue(), maintype="image", subtype="png", filename="seal.png")
    made.add_attachment(b"\x7fELF" + bytes(200), maintype="application", subtype="x", filename="run")
    made.add_attachment(inner)
    found = read(bytes(made), "a.eml")
    assert (("Attachment: a.docx",), "Pump") in found.sections
    assert (("Attachment: Inner.eml",), "Nested words.") in found.sections
    assert found.image.heading_path == ("Attachment: seal.png",)
    assert any("'run' left out: this is a program" in warning for warning in found.warnings)


def test_pictures_that_the_page_of_a_message_shows_stand_in_it(read: Read) -> None:
    made = EmailMessage()
    made.set_content("see the page")
    made.add_alternative(
        "<p>The lamp: <img src='cid:lamp' alt='a lamp'></p>" + "<p>More words.</p>" * 5, subtype="html"
    )
    html = made.get_payload()[1]
    html.add_related(png().getvalue(), "image", "png", cid="<lamp>")
    made["Message-ID"] = "<1@x>"
    made["From"] = "a@x.org"
    found = read(bytes(made), "a.eml")
    assert found.words("alt") == ["a lamp"]
    assert not any("see the page" in text for text in found.texts)


def test_lines_that_a_mail_program_broke_are_joined_and_quotes_kept_apart(read: Read) -> None:
    body = f"{'word ' * 14}\nend of it.\nBest,\nNell\n\n> quoted line\n> and more\n"
    texts = read(bytes(message(body)), "a.eml").texts[1:]
    assert texts == [f"{'word ' * 14}end of it.\nBest,\nNell", "> quoted line\n> and more"]


def test_messages_in_messages_end_somewhere(read: Read) -> None:
    made = message("the innermost")
    for _ in range(12):
        outer = message()
        outer.add_attachment(made)
        made = outer
    found = read(bytes(made), "a.eml")
    assert "it is inside 4 others" in found.warnings[-1]


def test_an_encrypted_message_says_so(read: Read) -> None:
    made = "From: a@x\nMessage-ID: <1@x>\nContent-Type: application/pkcs7-mime\n\nxxxx"
    with pytest.raises(DocumentError, match="encrypted"):
        read(made, "a.eml")


def test_a_web_archive_is_its_page_with_its_pictures(read: Read) -> None:
    picture = base64.encodebytes(png().getvalue()).decode()
    page = "<title>The lock</title><p>fourteen=20months</p><img src=3D'pic/a.png' alt=3D'a lock'><img src=3D'https://x.org/pic/a.png'>"
    archive = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.org/lock.html\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
        f"Content-Location: https://x.org/lock.html\n\n{page}\n"
        "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
        f"Content-Location: https://x.org/pic/a.png\n\n{picture}\n--b--\n"
    )
    found = read(archive, "a.mhtml")
    assert found.info.title == "The lock"
    assert found.texts == ["fourteen months"]
    assert found.words("alt") == ["a lock"]


def test_a_message_of_outlook_is_read_like_others(read: Read) -> None:
    fields = {"subject": "Weir", "body": "It is high.\r\n", "headers": "From: Ann <a@x>\r\nMessage-ID: <1@x>\r\n\r\n"}
    found = read(outlook(fields, {"note.txt": b"attached words"}), "a.msg")
    assert found.info.metadata["author"] == "Ann"
    assert found.info.metadata["thread"] == "1@x"
    assert (("Attachment: note.txt",), "attached words") in found.sections
    assert "It is high." in found.texts

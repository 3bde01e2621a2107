import pytest

from rag.text.uris import shown


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("http://bob:secret@host:19530", "http://host:19530"),
        ("http://bob:se@cret@[::1]:19530/db", "http://[::1]:19530/db"),
        ("http://token@host", "http://host"),
        ("bob:secret@host:11434", "host:11434"),
        ("s3://key:secret@bucket/prefix", "s3://bucket/prefix"),
    ],
)
def test_name_and_password_are_cut_out_and_the_rest_stays(uri, expected):
    assert shown(uri) == expected


@pytest.mark.parametrize("uri", ["/home/ada@work/milvus.db", "ada@work/milvus.db", "s3://bucket/a@b", "http://h:1", ""])
def test_an_at_sign_elsewhere_is_no_password(uri):
    assert shown(uri) == uri

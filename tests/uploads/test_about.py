"""What people call a knowledge base."""

from rag.uploads.about import About, drop_about, read_about, write_about


def test_a_title_is_kept_until_it_goes(tmp_path):
    assert read_about(tmp_path, "kb") == About()
    write_about(tmp_path, "kb", About("手册", "pumps"))
    assert read_about(tmp_path, "kb") == About("手册", "pumps")
    assert read_about(tmp_path, "other") == About()
    drop_about(tmp_path, "kb")
    drop_about(tmp_path, "kb")
    assert read_about(tmp_path, "kb") == About()


def test_a_damaged_file_is_said_and_not_fatal(tmp_path, caplog):
    for text in ("{", "[]", "\xff"):
        write_about(tmp_path, "kb", About("x"))
        (tmp_path / "about" / "kb.json").write_text(text, encoding="latin-1")
        assert read_about(tmp_path, "kb") == About()
    assert caplog.text.count("is damaged") == 3

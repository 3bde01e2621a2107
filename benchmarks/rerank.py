"""How fast does Qwen3-Reranker score fifty candidates on a CPU, and with how much memory?

    python -m benchmarks.rerank [--candidates NAME] [--peer NAME] [--folder FOLDER] [--json FILE]

The model has the shape of the 0.6B one and random weights, stored in bfloat16 as the published ones are and computed in
float32: speed does not depend on the values. Peers are the code of the model card and `CrossEncoder.predict` of
sentence-transformers. All get the same token ids, and scores must agree within 1e-4. The weights take 1.2 GB of disk in
`--folder` (a temporary one by default), the peers up to 16 GB of memory.
"""

from __future__ import annotations

import ctypes
import gc
import random
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen3Config, Qwen3ForCausalLM
from transformers.utils import logging

from benchmarks.side_by_side import Result, arguments, compare, report
from rag.rerank.qwen3 import Qwen3Reranker
from tests.rerank import qwen3_reference, qwen3s

N = 50
WORDS = [
    f"{first}{second}" for first in ("ba", "ke", "lo", "mi", "nu") for second in ("dar", "fen", "gol", "pim", "sut")
]
QUERY_WORDS = 12
LENGTHS = {"captions": (15, 60), "chunks": (240, 260)}
WANTED = {("captions", "card"): 9.0, ("captions", "crossencoder"): 5.5, ("chunks", "card"): 2.5}
CHAT_TEMPLATE = qwen3_reference.PREFIX + (
    qwen3_reference.prompt_text("{{ messages[0].content }}", "{{ messages[1].content }}") + qwen3_reference.SUFFIX
).replace("\n\n", "{{ '\n\n' }}")
"""What sentence-transformers renders; the blank line at its end would otherwise lose its last break."""

Scores = Sequence[float | None]
Score = Callable[[str, Sequence[str]], Scores]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--candidates", choices=LENGTHS, help="these alone")
    parser.add_argument("--peer", choices=PEERS, help="this one alone")
    parser.add_argument("--folder", type=Path, help="keep the model there")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as scratch:
        folder = full_size(given.folder or Path(scratch))
        ours = Qwen3Reranker(folder, identity="random weights").score
        results = []
        for peer in [given.peer] if given.peer else PEERS:
            theirs = PEERS[peer](folder)
            wanted = [given.candidates] if given.candidates else LENGTHS
            results += [_measure(candidates, ours, peer, theirs, given.rounds) for candidates in wanted]
            del theirs
            gc.collect()
    report(results, given.json)


def full_size(folder: Path) -> Path:
    """Qwen3-Reranker-0.6B's shape; the tokenizer knows the template's words and `WORDS`, one token each."""
    if not (folder / "model.safetensors").is_file():
        torch.manual_seed(0)
        config = Qwen3Config(
            vocab_size=151_669, hidden_size=1024, intermediate_size=3072, num_hidden_layers=28, num_attention_heads=16,
            num_key_value_heads=8, head_dim=128, max_position_embeddings=40_960, tie_word_embeddings=True,
            rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        )  # fmt: skip
        Qwen3ForCausalLM(config).bfloat16().save_pretrained(folder)
    qwen3s.tokenizer(" ".join(["yes", "no", *WORDS])).save_pretrained(folder)
    return folder


def texts(fewest: int, most: int) -> tuple[str, list[str]]:
    """A question and `N` passages of so many tokens, the same each time."""
    chance = random.Random(0)
    lengths = [QUERY_WORDS, *(chance.randint(fewest, most) for _ in range(N))]
    query, *passages = (" ".join(chance.choices(WORDS, k=length)) for length in lengths)
    return query, passages


def _measure(candidates: str, ours: Score, peer: str, theirs: Score, rounds: int) -> Result:
    fewest, most = LENGTHS[candidates]
    query, passages = texts(fewest, most)
    watched = [_Watched(partial(run, query, passages)) for run in (ours, theirs)]
    result = compare(
        f"rerank {N} {candidates} of {fewest} to {most} tokens",
        watched[0],
        peer,
        watched[1],
        agree=_agreement,
        wanted=WANTED.get((candidates, peer)),
        rounds=rounds,
    )
    extra = [run.extra_bytes for run in watched]
    if all(extra):
        shares = f"ours {extra[0] / 1e6:.0f} MB, peer {extra[1] / 1e6:.0f} MB ({extra[0] / extra[1]:.1%})"
        print(f"{result.measure:44} {peer:28} extra memory of a first run: {shares}", flush=True)
    return result


class _Watched:
    """Runs, and the first time measures the most memory over what there was before; 0 where that cannot be known."""

    def __init__(self, run: Callable[[], Scores]) -> None:
        self._run, self.extra_bytes = run, -1

    def __call__(self) -> Scores:
        if self.extra_bytes >= 0:
            return self._run()
        gc.collect()
        before = 0
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
            before = _memory_bytes("VmRSS")
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        scores = self._run()
        self.extra_bytes = _memory_bytes("VmHWM") - before if before else 0
        return scores


def _agreement(ours: Scores, theirs: Scores) -> str:
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    assert len(pairs) == len(ours), "not everything was scored"
    apart = max(abs(a - b) for a, b in pairs)
    assert apart <= 1e-4, f"scores differ by {apart:.1e}"
    scores = [a for a, _ in pairs]
    return f"scores from {min(scores):.3f} to {max(scores):.3f}, at most {apart:.0e} apart"


def _model_card(folder: Path) -> Score:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return lambda query, passages: qwen3_reference.scores(model, tokenizer, query, passages)


def _cross_encoder(folder: Path) -> Score:
    from sentence_transformers import CrossEncoder

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    model = CrossEncoder(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    ids = model.preprocess([("ba", "ke")])["input_ids"].tolist()
    expected = qwen3_reference.prompt_ids(tokenizer, [qwen3_reference.prompt_text("ba", "ke")])
    assert ids == expected, "sentence-transformers gets other tokens"
    return lambda query, passages: model.predict([(query, text) for text in passages]).tolist()


def _memory_bytes(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


PEERS: dict[str, Callable[[Path], Score]] = {"card": _model_card, "crossencoder": _cross_encoder}

if __name__ == "__main__":
    main()

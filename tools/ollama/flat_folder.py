"""MiniLM's folder as `ollama create` reads it: it looks into the top folder only, so the pooling's settings move there.

python flat_folder.py SOURCE TARGET
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

FILES = (
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "special_tokens_map.json",
    "sentence_bert_config.json",
)


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    target.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copy(source / name, target / name)
    config = _read(source / "config.json") | _read(source / "1_Pooling" / "config.json")
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
    modules = json.loads((source / "modules.json").read_text(encoding="utf-8"))
    for module in modules:
        module["path"] = "." if module["type"].endswith("Pooling") else module["path"]
    (target / "modules.json").write_text(json.dumps(modules), encoding="utf-8")


def _read(path: Path) -> dict[str, object]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()

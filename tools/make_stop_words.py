"""Writes `rag/store/lite/stop_words.json`: the stop words of Snowball, as a Milvus server has them.

python tools/make_stop_words.py FILE

FILE is `stopwords.rs` of the crate tantivy 0.24.2 (src/tokenizer/stop_word_filter), which the server takes texts apart
with; https://static.crates.io/crates/tantivy/tantivy-0.24.2.crate has it. Its licence (BSD) goes beside the words.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "rag" / "store" / "lite" / "stop_words.json"


def main() -> int:
    source = Path(sys.argv[1]).read_text("utf-8")
    words = {
        language.lower(): re.findall(r'"([^"]+)"', body)
        for language, body in re.findall(r"pub const (\w+): &\[&str\] = &\[(.*?)\];", source, re.DOTALL)
    }
    lines = [f"{json.dumps(name)}: {json.dumps(listed, ensure_ascii=False)}" for name, listed in sorted(words.items())]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    TARGET.with_suffix(".LICENSE.txt").write_text(
        source[: source.index("*/")].removeprefix("/*").strip() + "\n", "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

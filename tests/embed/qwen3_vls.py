"""Tiny Qwen3-VL models as `save_pretrained` writes them, and the family's recipe spelled out with transformers alone.

The recipe is the one of QwenLM/Qwen3-VL-Embedding (`src/models/`): slow, one prompt at a time, and obvious.
"""

import json

import torch
from tokenizers import AddedToken, processors
from transformers import (
    AutoTokenizer,
    Qwen2VLImageProcessorPil,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLModel,
)

from tests.rerank import qwen3s

VISION = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>")
IMAGE = "<|vision_start|><|image_pad|><|vision_end|>"
CHAT = "<|im_start|>system\n{}<|im_end|>\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PREPROCESSING = {
    "size": {"longest_edge": 1_310_720, "shortest_edge": 4096}, "max_pixels": 1_310_720, "min_pixels": 4096,
    "patch_size": 16, "temporal_patch_size": 2, "merge_size": 2, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
    "processor_class": "Qwen3VLProcessor", "image_processor_type": "Qwen2VLImageProcessorFast",
}  # fmt: skip
"""As published with the embedder; the published code scales pictures by other numbers, its own."""


def save(folder, *, ending="", tied=True, **text):
    """Weights of norms are random too: a pass that forgot them would be right otherwise.

    `ending` is a token that the tokenizer puts behind every text by itself.
    """
    tokenizer = qwen3s.tokenizer()
    tokenizer.add_tokens([AddedToken(mark, special=True, normalized=False) for mark in VISION])
    tokenizer.save_pretrained(folder)
    if ending:
        append(folder / "tokenizer.json", ending, tokenizer.convert_tokens_to_ids(ending))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSING))
    torch.manual_seed(0)
    start, end, image = tokenizer.convert_tokens_to_ids(list(VISION))
    config = Qwen3VLConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 20_000,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0, "mrope_section": [4, 2, 2],
                                "mrope_interleaved": True},
        } | text,
        vision_config={
            "depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2, "out_hidden_size": 32,
            "num_position_embeddings": 16, "deepstack_visual_indexes": [0],
        },
        image_token_id=image, video_token_id=0,
        vision_start_token_id=start, vision_end_token_id=end, tie_word_embeddings=tied,
    )  # fmt: skip
    model = Qwen3VLForConditionalGeneration(config)
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    return folder


def append(path, token, token_id):
    """As a tokenizer that was trained to end with that token."""
    file = json.loads(path.read_text())
    template = processors.TemplateProcessing(single=f"$A {token}", special_tokens=[(token, token_id)])
    file["post_processor"] = json.loads(template.__getstate__())
    path.write_text(json.dumps(file))


class Recipe:
    """What the published code does, for one input at a time; pictures are scaled by transformers' own processor."""

    def __init__(self, folder, architecture=Qwen3VLModel, ending=()):
        self.model = architecture.from_pretrained(folder, dtype=torch.float32).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2VLImageProcessorPil.from_pretrained(
            folder, min_pixels=4 * 32 * 32, max_pixels=1800 * 32 * 32
        )
        self.ending = list(self.tokenizer.convert_tokens_to_ids(list(ending)))

    def inputs(self, system, user, pictures=()):
        text, seen = CHAT.format(system, user), {}
        if pictures:
            seen = dict(self.processor(images=list(pictures), return_tensors="pt"))
            for grid in seen["image_grid_thw"]:
                text = text.replace("<|image_pad|>", "<|hole|>" * int(grid.prod() // 4), 1)
            text = text.replace("<|hole|>", "<|image_pad|>")
        ids = torch.tensor([self.tokenizer(text)["input_ids"] + self.ending])
        image = self.tokenizer.convert_tokens_to_ids("<|image_pad|>")
        return {"input_ids": ids, "mm_token_type_ids": (ids == image).long(), **seen}

    @torch.no_grad()
    def vector(self, system, user, pictures=()):
        """(dim,), the last token's."""
        hidden = self.model(**self.inputs(system, user, pictures)).last_hidden_state[0, -1]
        return torch.nn.functional.normalize(hidden, dim=-1).numpy()

    @torch.no_grad()
    def probability(self, system, user, pictures=()):
        """Of "yes" against "no"; the model is one with a head."""
        logits = self.model(**self.inputs(system, user, pictures)).logits[0, -1]
        no, yes = self.tokenizer.convert_tokens_to_ids(["no", "yes"])
        return torch.sigmoid(logits[yes] - logits[no]).item()

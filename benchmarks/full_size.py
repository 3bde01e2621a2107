"""Real architectures at full size with random weights: speed does not depend on the values.

The tokenizers know whole words "w0", "w1", ... only: a text of n words has n tokens.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

CLIP_WORDS, CLIP_TOKENS = 49_408, 77
BGE_WORDS = 250_002
_WORDS = 4096
"""Of a tokenizer; the embedding tables have all their rows."""


def clip_b32(folder: Path) -> Path:
    """CLIP ViT-B/32: 151 million parameters."""
    if not (folder / "model.safetensors").exists():
        torch.manual_seed(0)
        config = CLIPConfig()
        config.text_config.bos_token_id, config.text_config.eos_token_id = 0, 2
        CLIPModel(config).eval().save_pretrained(folder)
        CLIPImageProcessorPil().save_pretrained(folder)
        _tokenizer(CLIP_TOKENS).save_pretrained(folder)
    return folder


def bge_m3(folder: Path) -> Path:
    """BGE-M3: XLM-RoBERTa large with two heads, 568 million parameters. The heads are there as pickles too, for its
    makers' own code."""
    if not (folder / "model.safetensors").exists():
        torch.manual_seed(0)
        config = XLMRobertaConfig(
            vocab_size=BGE_WORDS,
            hidden_size=1024,
            num_hidden_layers=24,
            num_attention_heads=16,
            intermediate_size=4096,
            max_position_embeddings=8194,
            type_vocab_size=1,
            layer_norm_eps=1e-5,
        )
        XLMRobertaModel(config, add_pooling_layer=False).eval().save_pretrained(folder)
        for name, n_out in (("sparse_linear", 1), ("colbert_linear", config.hidden_size)):
            head = torch.nn.Linear(config.hidden_size, n_out).state_dict()
            save_file(head, folder / f"{name}.safetensors")
            torch.save(head, folder / f"{name}.pt")
        _tokenizer(config.max_position_embeddings - 2).save_pretrained(folder)
    return folder


def words(n: int, first: int = 0) -> str:
    """A text of `n` tokens."""
    return " ".join(f"w{(first + 7 * place) % (_WORDS - 4)}" for place in range(n))


def _tokenizer(n_tokens: int) -> PreTrainedTokenizerFast:
    specials = ("<s>", "<pad>", "</s>", "<unk>")
    vocabulary = {word: i for i, word in enumerate((*specials, *(f"w{i}" for i in range(_WORDS - len(specials)))))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 2)])
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), specials, strict=True))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", model_max_length=n_tokens, **names
    )

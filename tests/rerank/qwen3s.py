"""Small Qwen3 models as `save_pretrained` writes them: random weights, and byte-level tokenizers with Qwen's rules."""

import json
import re

import torch
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import Qwen2Tokenizer, Qwen3Config, Qwen3ForCausalLM
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

from tests.rerank.qwen3_reference import PREFIX, SUFFIX, prompt_text

MARKS = ("<|im_start|>", "<|im_end|>")
THOUGHTS = ("<think>", "</think>")
WORDS = "yes no how old is the bridge was built in year of and it a river stone crosses cats like fish "


def tokenizer(words=WORDS):
    """Every word of the template and of `words` is one token, whatever else is in a text becomes bytes."""
    split = [
        pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), "isolated"),
        pre_tokenizers.ByteLevel(False, use_regex=False),
    ]
    trained = Tokenizer(models.BPE())
    trained.normalizer, trained.pre_tokenizer = normalizers.NFC(), pre_tokenizers.Sequence(split)
    template = re.split("|".join(map(re.escape, (*MARKS, *THOUGHTS))), PREFIX + prompt_text("", "") + SUFFIX)
    trainer = trainers.BpeTrainer(
        vocab_size=50_000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator([*template, *(f"{word} {word}" for word in sorted(set(words.split())))], trainer)
    bpe = json.loads(trained.to_str())["model"]
    made = Qwen2Tokenizer(bpe["vocab"], [tuple(merge) for merge in bpe["merges"]], pad_token="<|endoftext|>")
    made.add_tokens([AddedToken(mark, special=True, normalized=False) for mark in MARKS])
    made.add_tokens([AddedToken(mark, special=False, normalized=False) for mark in THOUGHTS])
    return made


def save(folder, *, tied=True, words=WORDS, **shape):
    """Model and tokenizer. Weights of norms are random too: a pass that forgot them would be right otherwise."""
    made = tokenizer(words)
    made.save_pretrained(folder)
    torch.manual_seed(0)
    config = Qwen3Config(
        **{
            "vocab_size": len(made), "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 4096,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0}, "tie_word_embeddings": tied,
        }
        | shape
    )  # fmt: skip
    model = Qwen3ForCausalLM(config)
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    return folder

"""Qwen3-Reranker as its model card runs it: every prompt padded to the longest, logits of all words at all positions.

Slow and obvious; what the reranker is held to, and what the benchmark compares it with.

Source: model card of Qwen/Qwen3-Reranker-0.6B, "Transformers Usage".
"""

import torch

PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"


def prompt_text(query, passage, instruction=INSTRUCTION):
    return f"<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {passage}"


def prompt_ids(tokenizer, texts, max_length=8192):
    """One list of ids a text."""
    prefix, suffix = (tokenizer.encode(part, add_special_tokens=False) for part in (PREFIX, SUFFIX))
    room = max_length - len(prefix) - len(suffix)
    encoded = tokenizer(texts, truncation="longest_first", max_length=room, return_attention_mask=False)
    return [prefix + ids + suffix for ids in encoded["input_ids"]]


@torch.no_grad()
def probabilities(model, tokenizer, ids):
    """Of "yes" against "no" after each prompt."""
    padded = tokenizer.pad({"input_ids": ids}, padding=True, padding_side="left", return_tensors="pt").to(model.device)
    last = model(**padded).logits[:, -1, :]
    answers = last[:, [tokenizer.convert_tokens_to_ids(word) for word in ("no", "yes")]]
    return torch.nn.functional.log_softmax(answers, dim=1)[:, 1].exp().tolist()


def scores(model, tokenizer, query, passages, instruction=INSTRUCTION, max_length=8192):
    texts = [prompt_text(query, passage, instruction) for passage in passages]
    return probabilities(model, tokenizer, prompt_ids(tokenizer, texts, max_length))

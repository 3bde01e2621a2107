"""CLIP-class models as `save_pretrained` writes them: two thin layers, random weights, letters for tokens."""

import io
import json
import string

import sentencepiece
import torch
from transformers import (
    AltCLIPConfig,
    AltCLIPModel,
    BertConfig,
    BertTokenizer,
    ChineseCLIPConfig,
    ChineseCLIPImageProcessorPil,
    ChineseCLIPModel,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTokenizer,
    GemmaTokenizer,
    MetaClip2Config,
    MetaClip2Model,
    Siglip2Config,
    Siglip2ImageProcessorPil,
    Siglip2Model,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    SiglipTokenizer,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
    ViTConfig,
    ViTImageProcessorPil,
    XLMRobertaTokenizer,
)

LETTERS = string.ascii_lowercase + ",."
POSITIONS = 16
THIN = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
EYE = {**THIN, "image_size": 32, "patch_size": 16}
SQUARE = {"height": 32, "width": 32}


def save(folder, model_class, config, *parts):
    torch.manual_seed(0)
    model = model_class(config)
    with torch.no_grad():  # the usual small weights leave all vectors close together: every test would pass
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.normal_(std=0.4)
    for part in (model, *parts):
        part.save_pretrained(folder)
    return folder


def edit(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def clip_tokenizer(**options):
    tokens = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={token: i for i, token in enumerate(tokens)}, merges=[], **options)


def clip_text(**options):
    n = 2 * len(LETTERS)
    return {**THIN, "vocab_size": n + 2, "max_position_embeddings": POSITIONS, "bos_token_id": n,
            "eos_token_id": n + 1, "pad_token_id": n + 1} | options  # fmt: skip


def gemma_vocabulary():
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *LETTERS]
    return {token: i for i, token in enumerate(tokens)}


GEMMA = {"merges": [], "add_bos_token": False, "add_eos_token": True, "padding_side": "right",
         "model_input_names": ["input_ids"]}  # fmt: skip
"""As the conversion script of SigLIP 2 made its tokenizers."""


def save_clip(folder):
    """As OpenAI's: an end token that is not where the configuration says, so that the highest is taken for it."""
    config = CLIPConfig(text_config=clip_text(eos_token_id=2), vision_config=EYE, projection_dim=12)
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE)
    return save(folder, CLIPModel, config, clip_tokenizer(model_max_length=POSITIONS), processor)


def save_openclip(folder):
    """As OpenCLIP's conversions: another activation, and preprocessing in the words of older versions."""
    config = CLIPConfig(
        text_config=clip_text(hidden_act="gelu"), vision_config={**EYE, "hidden_act": "gelu"}, projection_dim=12
    )
    save(folder, CLIPModel, config, clip_tokenizer(model_max_length=POSITIONS))
    steps = dict.fromkeys(["do_resize", "do_center_crop", "do_normalize"], True)
    old = {**steps, "feature_extractor_type": "CLIPFeatureExtractor", "size": 32, "crop_size": 32, "resample": 3,
           "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.261, 0.276]}  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(old))
    return folder


def save_bge_vl(folder):
    """As BGE-VL's repository: a plain CLIP whose configuration names code that lies beside it."""
    edit(save_clip(folder) / "config.json", auto_map={"AutoModel": "modeling_MMRet_CLIP.CLIPModel"})
    (folder / "modeling_MMRet_CLIP.py").write_text("raise SystemExit('code of a model was run')\n")
    return folder


def save_metaclip_2(folder):
    config = MetaClip2Config(text_config=clip_text(), vision_config=EYE, projection_dim=12)
    processor = CLIPImageProcessorPil(size=SQUARE, do_center_crop=False)
    return save(folder, MetaClip2Model, config, clip_tokenizer(model_max_length=POSITIONS), processor)


def save_siglip(folder):
    """The first one: a SentencePiece model that is called from Python."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(LETTERS), "a red square"]), model_writer=written, vocab_size=60,
        hard_vocab_limit=False, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2,
    )  # fmt: skip
    (folder / "spiece.model").write_bytes(written.getvalue())
    tokenizer = SiglipTokenizer(
        str(folder / "spiece.model"), model_max_length=POSITIONS, model_input_names=["input_ids"]
    )
    text = {**THIN, "vocab_size": 60, "max_position_embeddings": POSITIONS}
    config = SiglipConfig(text_config=text, vision_config=EYE)
    return save(folder, SiglipModel, config, tokenizer, SiglipImageProcessorPil(size=SQUARE))


def save_siglip_2(folder):
    """Of a fixed size: it calls itself `siglip`, its tokenizer keeps capitals and knows no limit."""
    text = {**THIN, "vocab_size": len(gemma_vocabulary()), "max_position_embeddings": POSITIONS}
    config = SiglipConfig(text_config=text, vision_config=EYE)
    tokenizer = GemmaTokenizer(vocab=gemma_vocabulary(), **GEMMA)
    return save(folder, SiglipModel, config, tokenizer, SiglipImageProcessorPil(size=SQUARE, resample=2))


def save_naflex(folder):
    """SigLIP 2 that keeps the shape of pictures."""
    text = {**THIN, "vocab_size": len(gemma_vocabulary()), "max_position_embeddings": POSITIONS}
    config = Siglip2Config(text_config=text, vision_config={**THIN, "num_patches": 16, "patch_size": 8})
    tokenizer = Siglip2Tokenizer(vocab=gemma_vocabulary(), **GEMMA)
    return save(folder, Siglip2Model, config, tokenizer, Siglip2ImageProcessorPil(patch_size=8, max_num_patches=12))


def bert_tokenizer():
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    return BertTokenizer(vocab={token: i for i, token in enumerate(tokens)})


def save_chinese_clip(folder):
    text = {**THIN, "vocab_size": 5 + 2 * len(LETTERS), "max_position_embeddings": 64}
    config = ChineseCLIPConfig(text_config=text, vision_config=EYE, projection_dim=12)
    processor = ChineseCLIPImageProcessorPil(size=SQUARE, do_center_crop=False)
    return save(folder, ChineseCLIPModel, config, bert_tokenizer(), processor)


def save_altclip(folder):
    """Its text half counts positions as RoBERTa does: two of them are never used."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "▁", *LETTERS]
    text = {**THIN, "vocab_size": len(pieces), "max_position_embeddings": POSITIONS + 2, "project_dim": 10,
            "pad_token_id": 1}  # fmt: skip
    config = AltCLIPConfig(text_config=text, vision_config=EYE, projection_dim=12)
    tokenizer = XLMRobertaTokenizer(vocab=[(piece, -1.0) for piece in pieces])
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE)
    return save(folder, AltCLIPModel, config, tokenizer, processor)


def save_dual_encoder(folder):
    """A ViT and a BERT."""
    bert = BertConfig(**THIN, vocab_size=5 + 2 * len(LETTERS), max_position_embeddings=POSITIONS)
    config = VisionTextDualEncoderConfig.from_vision_text_configs(ViTConfig(**EYE), bert, projection_dim=12)
    processor = ViTImageProcessorPil(size=SQUARE)
    return save(folder, VisionTextDualEncoderModel, config, bert_tokenizer(), processor)

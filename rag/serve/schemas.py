"""JSON over HTTP, as types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from rag.ports import Likely, Sampling
from rag.serve.names import not_known, understood
from rag.serve.routes.understood import AsWords, FactOut, Understand, UnderstoodOut, fact_out, understood_out
from rag.text.labels import likely_things, made_line
from rag.trace import Note, NoteCode
from rag.types import Answer, Document, Ending, Hit, Record, SearchResult, StatusEvent, Turn

if TYPE_CHECKING:
    from typing import Self

    from pydantic_core import ErrorDetails

MAX_QUESTION_CHARS = 20_000
MAX_ANSWER_CHARS = 200_000
MAX_TOP_K = 100

KbName = Annotated[str, Field(max_length=64, description="a knowledge base, as GET /v1/kb lists them")]
Where = Annotated[str, Field(max_length=5000, description='a filter: year >= 2020 and kind = "image"')]
Picture = Annotated[str | None, Field(description="a picture: base64, or a data: URL")]
Words = Annotated[
    str, Field(max_length=MAX_QUESTION_CHARS, description="what is looked for or asked; 'text' and 'query' count too")
]
Sort = Annotated[
    str,
    Field(max_length=300, description="a column that orders the sources: taken_at, or -taken_at for the newest first"),
]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K)]
StopTexts = Annotated[
    list[Annotated[str, Field(max_length=200)]],
    Field(max_length=16),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value, json_schema_input_type=str | list[str]),
]


class Body(BaseModel):
    """What comes in: unknown fields are refused, so that a misspelt one is not passed over, and told the right name."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _by_its_names(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(cls._set(understood(given, cls.model_fields)) if isinstance(given, dict) else given)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                error.title, [_explained(each, cls.model_fields) for each in error.errors()]
            ) from error

    @classmethod
    def _set(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Without what is null and may be left out: many clients send every field that they know."""
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if value is not None or name not in optional}


def _explained(error: ErrorDetails, known: Collection[str]) -> InitErrorDetails:
    is_name = error["type"] == "extra_forbidden" and len(error["loc"]) == 1
    said = not_known(str(error["loc"][0]), known) if is_name else error["msg"]
    kind = PydanticCustomError(error["type"], said)
    return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"])


class PastTurn(Body):
    question: str = Field(max_length=MAX_QUESTION_CHARS)
    answer: str = Field(max_length=MAX_ANSWER_CHARS)
    image: str | None = Field(None, description="the picture of that question, as base64 or a data: URL")

    def turn(self) -> Turn:
        return Turn(self.question, self.answer)


class SamplingIn(BaseModel):
    """How the model chooses its words; what is left out is as the server's settings say."""

    temperature: float | None = Field(None, ge=0, le=2, description="0: the same question has the same answer")
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    top_p: float | None = Field(None, ge=0, le=1)
    repeat_penalty: float | None = Field(None, gt=0, le=10)
    presence_penalty: float | None = Field(None, ge=-2, le=2, description="above 0: used words are less likely")
    frequency_penalty: float | None = Field(None, ge=-2, le=2, description="likewise, the more often they were used")
    max_tokens: int | None = Field(None, ge=1, description="most tokens of the answer, within the server's own bound")
    stop: StopTexts | None = Field(None, description="texts at which the answer ends; one or several")

    def sampling(self) -> Sampling:
        return Sampling(
            temperature=self.temperature,
            seed=self.seed,
            top_p=self.top_p,
            repeat_penalty=self.repeat_penalty,
            presence_penalty=self.presence_penalty,
            frequency_penalty=self.frequency_penalty,
            stop=tuple(filter(None, self.stop or ())),
            max_tokens=self.max_tokens,
        )


class SearchRequest(Body):
    kb: KbName
    question: Words = ""
    image: Picture = None
    where: Where = ""
    top_k: TopK = 10
    sort: Sort = ""
    understand: Understand = None
    as_words: AsWords = []


class AskRequest(Body, SamplingIn):
    kb: KbName
    question: Words = ""
    image: Picture = None
    where: Where = ""
    top_k: TopK = 8
    understand: Understand = None
    as_words: AsWords = []
    history: list[PastTurn] = Field([], max_length=50, description="earlier turns, oldest first")
    stream: bool = Field(False, description="answer as server-sent events: sources, quote, status..., token..., answer")


class ChannelOut(BaseModel):
    """How one channel saw a source: `calibrated` is in standard deviations above that channel's background."""

    raw: float | None
    calibrated: float
    rank: int | None


class LikelyOut(BaseModel):
    """A machine's guess at what a photograph shows, in [0, 1]; nobody said or wrote it."""

    thing: str
    probability: float


class SourceOut(BaseModel):
    """A numbered source: `[number]` in an answer's text."""

    number: int
    id: str
    doc_id: str
    source: str
    kind: Literal["image", "text"]
    text: str
    page: int | None
    heading_path: list[str]
    title: str | None
    asset: str | None
    made: str = Field("", description="when, where and by whom, as far as it is known")
    columns: dict[str, Any]
    score: float
    fused: float
    rerank: float | None
    channels: dict[str, ChannelOut]
    also: list[str]
    looks_like: list[LikelyOut] = Field([], description="a machine's guess, where the source is a photograph")


class NoteOut(BaseModel):
    """What was skipped, degraded, cut or could not be checked: `code` for programs, a sentence for people."""

    code: NoteCode
    text: str


class SearchResponse(BaseModel):
    """Without question and picture it is a list, and `total` counts the documents that match."""

    sources: list[SourceOut]
    notes: list[NoteOut]
    timings_s: dict[str, float]
    total: int | None = None
    understood: list[UnderstoodOut] = []
    fact: FactOut | None = None
    looks_like: list[LikelyOut] = Field([], description="a machine's guess at the question's picture")


class TokensOut(BaseModel):
    """Tokens that the model read (the whole prompt, sources included) and wrote, as its server counted them."""

    read: int
    written: int


class CitationOut(BaseModel):
    """A marker `[number]` at `start` in the text; `source` is an index into the sources, null for an invented one."""

    number: int
    start: int
    source: int | None


class AskResponse(BaseModel):
    """`model` is null where no model wrote the text, but the sources are quoted; `ending` is `broken` where it failed
    after its first words, and `cut` at a limit of tokens."""

    text: str
    citations: list[CitationOut]
    sources: list[SourceOut]
    notes: list[NoteOut]
    timings_s: dict[str, float]
    model: str | None
    ending: Ending = "complete"
    given: list[int] = Field([], description="numbers of the sources that the model was given")
    statements: list[StatementOut] = []
    tokens: TokensOut | None = Field(None, description="null where no model wrote, or its server does not count")
    understood: list[UnderstoodOut] = []


class StatementOut(BaseModel):
    """A statement at `start` to `end` in the text, held to the sources: `missing` of it stands in none."""

    start: int
    end: int
    support: Literal["supported", "unsupported", "unchecked"]
    numbers: list[int]
    missing: list[str]


class StatusOut(BaseModel):
    """What is waited for: `waiting` (for `ahead` questions), `loading`, or `reading` (`n_tokens`, about `seconds`)."""

    code: Literal["waiting", "loading", "reading"]
    text: str
    ahead: int | None
    n_tokens: int | None
    seconds: float | None


class QuoteOut(BaseModel):
    """The sources' own words, there while the model reads: no model wrote them."""

    text: str


class SourcesOut(BaseModel):
    sources: list[SourceOut]
    notes: list[NoteOut]
    understood: list[UnderstoodOut] = []


class TokenOut(BaseModel):
    text: str


class ErrorDetail(BaseModel):
    type: str
    message: str
    position: int | None = None
    request_id: str | None = None


class ErrorOut(BaseModel):
    error: ErrorDetail


def source_out(number: int, hit: Hit) -> SourceOut:
    """A hit as JSON, numbered from 1."""
    record, metadata = hit.record, hit.record.metadata
    return SourceOut(
        number=number,
        id=record.id,
        doc_id=record.doc_id,
        source=record.source,
        kind=record.kind,
        text=record.text,
        title=_text(metadata.get("title")),
        made=made_line(metadata),
        columns=_columns(metadata),
        score=hit.score,
        fused=hit.fused,
        rerank=hit.rerank,
        channels={
            name: ChannelOut(raw=c.raw, calibrated=c.calibrated, rank=c.rank) for name, c in hit.channels.items()
        },
        also=list(hit.also),
        looks_like=_likely_out(likely_things(record)),
        **place_of(record),
    )


def place_of(record: Record) -> dict[str, Any]:
    """`page`, `heading_path` and `asset` of a record; None or empty where it has none."""
    metadata = record.metadata
    page, path, asset = metadata.get("page"), metadata.get("heading_path"), metadata.get("asset")
    return {
        "page": page if isinstance(page, int) else None,
        "heading_path": [str(part) for part in path] if isinstance(path, list) else [],
        "asset": _text(asset),
    }


def sources_out(hits: Sequence[Hit], numbers: Sequence[int] = ()) -> list[SourceOut]:
    """Hits as JSON; without numbers of their own they are numbered from 1."""
    return [source_out(number, hit) for number, hit in zip(numbers or range(1, len(hits) + 1), hits, strict=True)]


def status_out(status: StatusEvent) -> StatusOut:
    return StatusOut(
        code=status.code, text=status.text, ahead=status.ahead, n_tokens=status.n_tokens, seconds=status.seconds
    )


def notes_out(notes: Iterable[Note]) -> list[NoteOut]:
    return [NoteOut(code=note.code, text=note.text) for note in notes]


def search_out(found: SearchResult) -> SearchResponse:
    return SearchResponse(
        sources=sources_out(found.hits),
        notes=notes_out(found.notes),
        timings_s=dict(found.timings_s),
        total=found.total,
        understood=understood_out(found.understood),
        fact=fact_out(found.fact) if found.fact else None,
        looks_like=_likely_out(found.looks_like),
    )


def _likely_out(things: Sequence[Likely]) -> list[LikelyOut]:
    return [LikelyOut(thing=thing, probability=probability) for thing, probability in things]


def answer_out(answer: Answer) -> AskResponse:
    return AskResponse(
        text=answer.text,
        citations=[CitationOut(number=c.number, start=c.start, source=c.hit) for c in answer.citations],
        sources=sources_out(answer.hits, answer.numbers),
        notes=notes_out(answer.notes),
        timings_s=dict(answer.timings_s),
        model=answer.model,
        ending=answer.ending,
        given=list(answer.given),
        statements=[
            StatementOut(start=s.start, end=s.end, support=s.support, numbers=list(s.numbers), missing=list(s.missing))
            for s in answer.statements
        ],
        tokens=TokensOut(read=answer.tokens.read, written=answer.tokens.written) if answer.tokens else None,
        understood=understood_out(answer.understood),
    )


_SHOWN = ("size_bytes", "sha256", "n_pages", "n_pictures", "n_warnings", "warnings", "left_out")
"""Of what the manifest holds about a document. Paths on the server's disk (`root`, `links`) stay here."""


def document_out(document: Document) -> dict[str, Any]:
    """A row of the manifest."""
    return {
        "doc_id": document.doc_id,
        "source": document.source,
        "state": document.state,
        "n_records": document.n_records,
        "error": document.error,
        "title": _text(document.metadata.get("title")),
        "made": made_line(document.metadata),
        "metadata": {key: document.metadata[key] for key in _SHOWN if key in document.metadata},
    }


def _text(value: object) -> str | None:
    return str(value) if value else None


def _columns(metadata: Mapping[str, Any]) -> dict[str, Any]:
    columns = metadata.get("columns")
    return dict(columns) if isinstance(columns, Mapping) else {}


class KbOut(BaseModel):
    """`documents` that are in, `failed` ones, and rows of text and pictures. `title` empty: people see the name."""

    name: str
    title: str = ""
    description: str = ""
    documents: int
    failed: int
    texts: int
    images: int

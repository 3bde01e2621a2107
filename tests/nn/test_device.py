import pytest
import torch

from rag.errors import ConfigError, ModelError
from rag.nn.device import CPU, Placement, in_batches, is_out_of_memory, pick_placement

NO_MEMORY = RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried")


def test_a_cpu_takes_float32_unless_told():
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("this machine has an accelerator")
    assert pick_placement() == CPU
    assert pick_placement("cpu", "bfloat16") == Placement(torch.device("cpu"), torch.bfloat16)
    assert str(CPU) == "cpu float32"


@pytest.mark.parametrize("device", ["tpu", "cuda:x", "cpu0", ""])
def test_unknown_devices_are_named_with_those_there_are(device):
    with pytest.raises(ConfigError, match="RAG_DEVICE"):
        pick_placement(device)


def test_a_device_that_is_not_here_says_what_to_set():
    with pytest.raises(ConfigError, match="RAG_DEVICE=auto"):
        pick_placement("cuda:99")


def test_unknown_number_formats_are_named():
    with pytest.raises(ConfigError, match="RAG_DTYPE"):
        pick_placement("cpu", "int8")


class Small:
    """Takes at most `room` items at once."""

    def __init__(self, room, error=NO_MEMORY):
        self.room, self.error, self.seen = room, error, []

    def __call__(self, batch):
        self.seen.append(len(batch))
        if len(batch) > self.room:
            raise self.error
        return list(batch)


def test_a_batch_that_does_not_fit_is_halved_and_nothing_is_lost():
    model = Small(3)
    out = list(in_batches(range(11), model, CPU, size=8, most=8))
    assert [item for batch in out for item in batch] == list(range(11))
    assert model.seen == [8, 4, 2, 2, 2, 2, 2, 1]


def test_one_input_that_does_not_fit_is_an_error_that_names_the_place():
    with pytest.raises(ModelError, match="cpu float32"):
        list(in_batches(range(4), Small(0), CPU, size=4, most=4))


def test_other_failures_are_not_taken_for_a_lack_of_memory():
    with pytest.raises(RuntimeError, match="shape"):
        list(in_batches(range(4), Small(0, RuntimeError("wrong shape")), CPU, size=4, most=4))


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (NO_MEMORY, True),
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_lack_of_memory_is_told_by_type_or_by_torchs_words(error, is_memory):
    assert is_out_of_memory(error) is is_memory

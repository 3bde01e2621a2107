import pytest
import torch

from rag.nn.passes import onednn as linear
from rag.nn.passes.onednn import Linear, onednn_is_better


@pytest.fixture
def measured(monkeypatch):
    """Sets how many times as fast oneDNN is found to be."""

    def set_speed(times):
        seconds = iter([1.0, times])
        monkeypatch.setattr(linear, "_seconds", lambda run: next(seconds))

    onednn_is_better.cache_clear()
    yield set_speed
    onednn_is_better.cache_clear()


@pytest.mark.parametrize("times", [0.9, 2.0])
def test_the_faster_way_is_taken_and_both_multiply(measured, times):
    measured(times)
    assert onednn_is_better() == (times > 1)
    x, weight = torch.randn(5, 16), torch.randn(24, 16)
    torch.testing.assert_close(Linear(weight)(x), x @ weight.T)


def test_a_way_that_rounds_is_not_taken_however_fast(measured, monkeypatch):
    measured(10.0)
    exact = linear._onednn
    monkeypatch.setattr(linear, "_onednn", lambda x, packed: exact(x.bfloat16().float(), packed))
    assert not onednn_is_better()


def test_other_number_formats_are_left_to_torch(measured):
    measured(10.0)
    x, weight = torch.randn(5, 16).bfloat16(), torch.randn(24, 16).bfloat16()
    assert Linear(weight)(x).dtype == torch.bfloat16

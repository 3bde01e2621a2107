import threading

import pytest

from rag.sync.fan_out import Closed, FanOut


def test_results_are_in_the_order_of_the_calls():
    for n_threads in (0, 2):
        assert FanOut(n_threads).run([lambda n=n: n for n in range(5)]) == [0, 1, 2, 3, 4]
        assert FanOut(n_threads).run([]) == []


def test_calls_of_one_question_run_side_by_side():
    meeting = threading.Barrier(3)
    assert sorted(FanOut(2).run([lambda: meeting.wait(timeout=5)] * 3)) == [0, 1, 2]


def test_without_threads_the_caller_does_it_all():
    seen = FanOut(0).run([threading.current_thread] * 3)
    assert set(seen) == {threading.current_thread()}


def test_the_last_call_is_made_by_the_caller():
    *others, last = FanOut(2).run([threading.current_thread] * 3)
    assert last is threading.current_thread()
    assert last not in others


@pytest.mark.parametrize("n_threads", [0, 2])
def test_an_error_of_a_call_comes_through(n_threads):
    def fail():
        raise RuntimeError("mine")

    for calls in ([fail, list], [list, fail]):
        with pytest.raises(RuntimeError, match="mine"):
            FanOut(n_threads).run(calls)


@pytest.mark.parametrize("n_threads", [0, 2])
def test_after_close_nothing_is_begun(n_threads):
    calls = FanOut(n_threads)
    calls.close()
    with pytest.raises(Closed):
        calls.run([list])


def test_closing_gives_up_what_waits_for_a_thread():
    calls, begun, go, raised = FanOut(1), threading.Event(), threading.Event(), []

    def ask():
        try:
            calls.run([lambda: (begun.set(), go.wait(timeout=5)), list, list])
        except Closed as error:
            raised.append(error)

    asker = threading.Thread(target=ask)
    asker.start()
    begun.wait(timeout=5)
    calls.close()
    go.set()
    asker.join(timeout=5)
    assert raised

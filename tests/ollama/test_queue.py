"""First come, first served, and everybody knows how many are before."""

from __future__ import annotations

import anyio

from rag.ollama.queue import FairQueue, turn_of, waiting


async def _told(queue: FairQueue, seen: list[int]) -> None:
    async with waiting(queue) as ticket:
        async for ahead in turn_of(queue, ticket):
            seen.append(ahead)  # noqa: PERF401


def test_who_came_first_goes_first_and_the_others_are_told() -> None:
    queue = FairQueue(parallel=1)
    order: list[int] = []
    told: dict[int, list[int]] = {n: [] for n in range(4)}

    async def ask(n: int) -> None:
        await anyio.sleep(0.01 * n)
        async with waiting(queue) as ticket:
            async for ahead in turn_of(queue, ticket):
                told[n].append(ahead)
            order.append(n)
            await anyio.sleep(0.1)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for n in range(4):
                group.start_soon(ask, n)

    anyio.run(all_of_them)
    assert order == [0, 1, 2, 3]
    assert told[0] == []
    assert told[3] == [3, 2, 1]


def test_whose_search_took_longer_keeps_the_place_that_the_question_had() -> None:
    queue = FairQueue(parallel=1)
    running, late, early = queue.join(), queue.join(arrived_s=20.0), queue.join(arrived_s=10.0)
    assert (queue.ahead(early), queue.ahead(late)) == (1, 2)
    queue.leave(running)
    assert queue.is_running(early)
    queue.leave(early)
    assert queue.is_running(late)


def test_who_gives_up_leaves_the_line() -> None:
    queue = FairQueue(parallel=1)
    seen: list[int] = []

    async def run() -> None:
        first = queue.join()
        with anyio.move_on_after(0.1):
            await _told(queue, seen)
        second = queue.join()
        queue.leave(first)
        assert queue.is_running(second)
        queue.leave(second)

    anyio.run(run)
    assert seen == [1]
    assert queue.is_idle


def test_a_server_that_answers_two_at_once_is_found_out() -> None:
    queue = FairQueue()
    first, second, third = queue.join(), queue.join(), queue.join()
    queue.sent(first)
    assert [queue.is_running(each) for each in (first, second, third)] == [True, True, False]
    queue.sent(second)
    for _ in range(4):
        queue.heard(first)
        queue.heard(second)
    assert queue.at_once == 2
    assert queue.is_running(third)


def test_a_server_that_does_one_after_the_other_is_believed_after_three() -> None:
    queue = FairQueue()
    first = queue.join()
    for _ in range(4):
        probe = queue.join()
        for _ in range(3):
            queue.heard(first)
        queue.leave(first)
        queue.heard(probe)
        first = probe
    assert queue.at_once == 1
    later = queue.join()
    assert not queue.is_running(later)
    assert queue.ahead(later) == 1

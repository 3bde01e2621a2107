import threading
import time

from rag.sync.lazy import Lazy, lazy_property


class Counted(Lazy):
    n_made = 0

    @lazy_property
    def value(self) -> object:
        self.n_made += 1
        time.sleep(0.05)
        return object()

    @lazy_property
    def twice(self) -> tuple[object, object]:
        return self.value, self.value


def test_threads_that_ask_at_once_get_the_same_value():
    counted, seen = Counted(), []
    threads = [threading.Thread(target=lambda: seen.append(counted.value)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.n_made == 1
    assert len(set(map(id, seen))) == 1


def test_one_value_may_need_another():
    counted = Counted()
    assert counted.twice == (counted.value, counted.value)


def test_each_instance_has_its_own():
    assert Counted().value is not Counted().value


def test_what_is_made_is_read_without_the_lock():
    counted, seen = Counted(), []
    value = counted.value
    with counted._making:
        reader = threading.Thread(target=lambda: seen.append(counted.value), daemon=True)
        reader.start()
        reader.join(timeout=5)
    assert seen == [value]


def test_two_instances_are_made_at_the_same_time():
    class Meeting(Lazy):
        both = threading.Barrier(2)

        @lazy_property
        def value(self) -> int:
            return self.both.wait(timeout=5)

    threads = [threading.Thread(target=lambda: seen.append(Meeting().value)) for _ in range(2)]
    seen: list[int] = []
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0, 1]

"""A reading inside a reading is the same one: more threads than connections never block one another."""

import threading

from sqlalchemy import text

from board.storage.unit_of_work import UnitOfWork


def test_one_inside_another_takes_no_second_connection(work: UnitOfWork) -> None:
    with work.reading() as outer, work.reading() as inner:
        assert inner is outer
    with work.reading() as later:
        assert later is not outer


def test_many_threads_that_nest_all_come_through(work: UnitOfWork) -> None:
    barrier, done = threading.Barrier(40), []

    def run() -> None:
        barrier.wait()
        with work.reading() as outer:
            outer.execute(text("SELECT 1"))
            with work.reading() as inner:
                done.append(inner.execute(text("SELECT 2")).scalar_one())

    threads = [threading.Thread(target=run) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert done == [2] * 40
